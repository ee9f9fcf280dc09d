import {access, constants} from 'node:fs/promises';
import {homedir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {parsePushAddress} from '../backup/restore/push-address.ts';
import {assertFreeFolder} from '../backup/restore/restore-folder.ts';
import {UserError} from '../system/user-error.ts';
import {findPlan} from './find.ts';
import {ownServer} from './push-snapshot.ts';
import {besideFolder} from './restore.ts';
import {destinationOf} from './retention-policies.ts';
import type {Workplace} from './workplace.ts';

/** In which form a snapshot is restored. */
export type RestoreForm = 'bare' | 'working-copy' | 'push';

/** Where a restore would go, as far as that can be said beforehand without changing anything or asking anybody. */
export type RestoreTarget = {
	/** The folder's absolute path, or the address. */
	readonly to: string;
	/** Label of the credential that signs in, of the organization's own server; undefined where git signs in as it does for the user. */
	readonly signsInAs: string | undefined;
	/** Why nothing can be restored to it, in a sentence that says what is expected. */
	readonly problem: string | undefined;
};

/**
Looks at a place to restore to while it is entered.

@param of.to As it was typed; `~/` is the user's own folder.
@throws UserError where there is no such plan.
*/
export async function inspectRestoreTarget(
	{store, home}: Workplace,
	of: {
		readonly plan: string;
		readonly form: RestoreForm;
		readonly to: string;
		/** Whether what lies around Git goes into a folder beside it. */
		readonly withMetadata: boolean;
	},
): Promise<RestoreTarget> {
	const contents = await store.read();
	const plan = findPlan(contents, of.plan);
	const text = of.to.trim();
	const to = of.form === 'push' ? text : resolve(expandHome(text));
	try {
		const address = parsePushAddress(text);
		if (of.form === 'push') {
			const own = address === undefined ? undefined : ownServer(contents, plan, address);
			const signsInAs = own?.primaryCredential.label;
			return {to, signsInAs, problem: address === undefined ? noAddress : undefined};
		}

		if (address !== undefined) {
			const problem = 'This is an address: name a folder, or choose to push.';
			return {to: text, signsInAs: undefined, problem};
		}

		const backups = join(destinationOf(home, plan), plan.organization);
		await assertFreeFolder(to, backups);
		if (of.withMetadata) {
			await assertFreeFolder(besideFolder(to), backups);
		}

		return {to, signsInAs: undefined, problem: await whyNotWritable(dirname(to))};
	} catch (error) {
		if (error instanceof UserError) {
			return {to, signsInAs: undefined, problem: error.message};
		}

		throw error;
	}
}

const noAddress =
	'Expected an address that git can push to: https://bitbucket.org/acme/restored.git, or git@host:acme/restored.git.';

/** A path as shells read it, which are not there to do it. */
export function expandHome(path: string): string {
	return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

/** Folders on the way that are missing are made; the first one that is there must allow it. */
async function whyNotWritable(parent: string): Promise<string | undefined> {
	for (let folder = parent; ; folder = dirname(folder)) {
		try {
			await access(folder, constants.W_OK);
			return undefined;
		} catch (error) {
			const {code} = error as NodeJS.ErrnoException;
			if (code !== 'ENOENT' || folder === dirname(folder)) {
				return `${folder} cannot be written to (${code ?? 'unknown'}): name a folder elsewhere.`;
			}
		}
	}
}
