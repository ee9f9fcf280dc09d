import {execFile} from 'node:child_process';
import {homedir} from 'node:os';
import {dirname} from 'node:path';
import {promisify} from 'node:util';
import type {Home} from '../../store/home.ts';
import type {StoreContents} from '../../store/store.ts';
import {compileCacheFolder, whyNotKept} from '../../system/compile-cache.ts';
import {gitVersion} from '../../system/git.ts';
import {findFlock, findProgram} from '../../system/program-path.ts';
import {showVault} from '../vault.ts';
import type {Workplace} from '../workplace.ts';
import type {Examination} from './examination.ts';
import {examineClockOf, examineOrganization} from './examine-connections.ts';
import {examineGit, examineGitLfs} from './git-examination.ts';
import {examinePrivacy, examineRoom} from './place-examination.ts';

export type {Examination} from './examination.ts';

/**
Looks at everything that backups need on this machine: git, who may see into the home, how much room there is.

@param contents What the store holds; undefined where it cannot be read.
*/
export async function examineMachine(
	home: Home,
	environment: NodeJS.ProcessEnv,
	contents: StoreContents | undefined,
): Promise<readonly Examination[]> {
	const searchPath = environment['PATH'] ?? '';
	const own = [
		dirname(home.store),
		home.store,
		dirname(home.vault),
		home.vault,
		home.keys,
		home.runs,
		home.state,
	];
	const privacy = await Promise.all(
		[...new Set(own)].map(async path => examinePrivacy(path, process.getuid?.())),
	);
	const places = privacy.filter(each => each !== undefined);
	const wrong = places.filter(({state}) => state !== 'good');
	return [
		examineGit(await gitVersion().catch(() => undefined)),
		examineGitLfs(await versionOf('git-lfs', searchPath)),
		...examineFlock(searchPath),
		...(wrong.length === 0 && places.length > 0
			? [{about: 'home', state: 'good', text: `${dirname(home.store)} is yours alone to change`} as const]
			: wrong),
		...examineCompiled(environment),
		...(await examineRooms(home, contents)),
	];
}

/** Asks Bitbucket what only it can say: about every credential, and what time it is. */
export async function examineConnections(
	workplace: Workplace,
	{organizations}: StoreContents,
): Promise<readonly Examination[]> {
	const each = await Promise.all(
		organizations.map(async organization => examineOrganization(workplace, organization)),
	);
	return [...each.flat(), ...(await examineClockOf(workplace, organizations))];
}

export async function examineVault(workplace: Workplace): Promise<Examination> {
	try {
		const {source, secrets, passphrase} = await showVault(workplace);
		const typed =
			passphrase === 'typed'
				? '; its passphrase is typed in: runs that cron or a timer starts need BUCKET_BRIGADE_PASSWORD_COMMAND'
				: '';
		return {
			about: 'vault',
			state: 'good',
			text: `opens with the key from ${source}; holds ${secrets}${typed}`,
		};
	} catch (error) {
		return {about: 'vault', state: 'bad', text: (error as Error).message.replace(/\.$/, '')};
	}
}

/** 0 all is well; 3 something should be known; 1 backups fail, or will. */
export function exitCodeOf(examinations: readonly Examination[]): 0 | 1 | 3 {
	const states = new Set(examinations.map(({state}) => state));
	return states.has('bad') ? 1 : states.has('attention') ? 3 : 0;
}

async function examineRooms(
	home: Home,
	contents: StoreContents | undefined,
): Promise<readonly Examination[]> {
	const destinations = new Map<string, string[]>();
	for (const {name, destination} of contents?.plans ?? []) {
		const path = destination ?? home.backups;
		destinations.set(path, [...(destinations.get(path) ?? []), name]);
	}

	return Promise.all([
		examineRoom(dirname(home.state), 'home'),
		...[...destinations].map(async ([path, plans]) => examineRoom(path, `backups of ${plans.join(', ')}`)),
	]);
}

/** Only there does the lock of a mirror outlive a killed run together with its git. */
function examineFlock(searchPath: string): readonly Examination[] {
	return process.platform !== 'linux' || findFlock(searchPath) !== undefined
		? []
		: [
				{
					about: 'flock',
					state: 'attention',
					text: 'the flock of util-linux is missing: the git of a killed run is not waited for; install util-linux',
				},
			];
}

/** What others could have changed there is not run: the program only starts more slowly. */
function examineCompiled(environment: NodeJS.ProcessEnv): readonly Examination[] {
	const folder = compileCacheFolder(environment, homedir());
	const reason = folder === undefined ? undefined : whyNotKept(folder);
	return reason === undefined ? [] : [{about: 'home', state: 'attention', text: reason}];
}

async function versionOf(program: string, searchPath: string): Promise<string | undefined> {
	const path = findProgram(program, searchPath);
	if (path === undefined) {
		return undefined;
	}

	try {
		return (await promisify(execFile)(path, ['version'], {timeout: 10_000})).stdout.split(/[\s(]/)[0];
	} catch {
		return undefined;
	}
}
