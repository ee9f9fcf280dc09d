import {createHash} from 'node:crypto';
import type {SandboxAccount, SandboxCredential} from './service-types.ts';
import type {World} from './world.ts';

/** Whom Bitbucket counts a credential's requests for: the user of an API token, each token and each consumer for itself. */
export function accountFor(world: World, credential: SandboxCredential): SandboxAccount {
	if (credential.kind === 'api-token') {
		const user = world.users.find(({email}) => email === credential.username);
		if (!user) {
			throw new Error(`Nobody in the sandbox has the e-mail address of the credential ${credential.label}.`);
		}

		return {id: user.uuid, displayName: user.displayName, kind: 'user', user: user.uuid, credential};
	}

	return {
		id: uuidFrom(`${credential.kind}/${credential.label}/${credential.secret}`),
		displayName: credential.account,
		kind: credential.kind === 'oauth-consumer' ? 'oauth-consumer' : 'access-token',
		credential,
	};
}

/** In braces, the same for the same text. */
function uuidFrom(text: string): string {
	const digits = createHash('sha256').update(text).digest('hex');
	return `{${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}}`;
}
