import {composeSandbox, type Sandbox} from './compose-sandbox.ts';
import {createCredentials} from './credentials.ts';
import {createLimiter} from './limiter.ts';
import {createRestHandler} from './rest/rest-handler.ts';
import type {SandboxOptions} from './sandbox-options.ts';
import {createSignIn} from './sign-in.ts';

export type {Sandbox} from './compose-sandbox.ts';
export {SandboxError} from './sandbox-error.ts';
export type {SandboxOptions} from './sandbox-options.ts';
export type {SandboxCredential, SandboxStatistics} from './service-types.ts';

/** Starts a local Bitbucket Cloud: REST, OAuth, Git and LFS over plain HTTP on 127.0.0.1, with a generated workspace. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	return composeSandbox(options, {createCredentials, createSignIn, createLimiter, createRestHandler});
}
