import {isDeepStrictEqual} from 'node:util';
import {UserError} from '../system/user-error.ts';

/** What is being edited was changed by somebody else since it was read, in the same places. Nothing was saved. */
export class ChangedMeanwhile<Thing> extends UserError {
	override name = 'ChangedMeanwhile';
	/** As it is now: who has been told may edit that. */
	readonly current: Thing;

	/** @param what What it is, as the beginning of a sentence. @param fields Names of the places. */
	constructor(what: string, fields: readonly string[], current: Thing) {
		super(
			`${what} was changed elsewhere in the meantime (${fields.join(', ')}); nothing was saved. Save again to write over that, or leave it and look at it anew.`,
		);
		this.current = current;
	}
}

/** What two people make of the same thing, who both began with the same. */
export type Merged<Edit> = {
	/** What one of them changed; the rest is as the other one left it. */
	readonly changes: Partial<Edit>;
	/** What both changed, not to the same. */
	readonly conflicts: ReadonlyArray<keyof Edit & string>;
};

/**
Which parts of an edit are the editor's own doing.

@param opened What the edit began with.
@param current What is there now.
*/
export function mergeEdit<Edit extends object>(opened: Edit, current: Edit, edited: Edit): Merged<Edit> {
	const names = Object.keys(edited) as Array<keyof Edit & string>;
	const own = names.filter(name => !isDeepStrictEqual(edited[name], opened[name]));
	return {
		changes: Object.fromEntries(own.map(name => [name, edited[name]])) as Partial<Edit>,
		conflicts: own.filter(
			name =>
				!isDeepStrictEqual(current[name], opened[name]) && !isDeepStrictEqual(current[name], edited[name]),
		),
	};
}
