import {UserError} from '../system/user-error.ts';

/** A mirror cannot be had, because another process works on it. */
export class MirrorBusy extends UserError {}
