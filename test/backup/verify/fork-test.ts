import {after, before, test} from 'node:test';
import type {Verification} from '../../../source/backup/verify/verify-listed.ts';
import {type Fork, makeVerifiedWorkspace, type VerifiedWorkspace} from './verified-workspace.ts';

/** A test with a copy of everything of its own. */
export type ForkTest = (name: string, work: (place: Fork, mirror: string) => Promise<void>) => void;

/** Makes one verified workspace for a file's tests, and closes it after them. */
export function openForks(): {readonly forkTest: ForkTest; readonly workspace: () => VerifiedWorkspace} {
	let workspace: VerifiedWorkspace;
	before(async () => {
		workspace = await makeVerifiedWorkspace();
	});
	after(async () => {
		await workspace.close();
	});
	return {
		workspace: () => workspace,
		forkTest: (name, work) => {
			test(name, async () => {
				const place = await workspace.fork();
				try {
					await work(place, place.mirror);
				} finally {
					await place.close();
				}
			});
		},
	};
}

/** What was found, a line each. */
export const textsOf = ({findings}: Verification): string =>
	findings.map(({state, kind, text}) => `${state} ${kind}: ${text}`).join('\n');
