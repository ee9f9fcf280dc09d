import {git, runGit} from '../../system/git.ts';
import {haveSameRefs, type RefList, refsThatDiffer} from '../ref-list.ts';
import {BackupDamaged} from './restore-failure.ts';

/** Objects that other objects are to be read for (`refs/replace/`) prove nothing here. */
const environment = {GIT_NO_REPLACE_OBJECTS: '1'};

/**
Proves that a repository has just these refs, each at its object, the same HEAD, and everything that they lead to.

@throws BackupDamaged
*/
export async function verifyRepository(
	gitDirectory: string,
	wanted: RefList,
	signal: AbortSignal,
): Promise<void> {
	const refs = await readRefs(gitDirectory, signal);
	if (!haveSameRefs(wanted.refs, refs)) {
		const differing = refsThatDiffer(wanted.refs, refs);
		throw new BackupDamaged(
			`${differing.length} refs are not what the snapshot lists, the first is ${differing[0]}`,
		);
	}

	const head = await readHead(gitDirectory, signal);
	if (wanted.head !== undefined && head !== wanted.head) {
		throw new BackupDamaged(`HEAD is ${head ?? 'nothing'} and not ${wanted.head}`);
	}

	const isDetached = wanted.head !== undefined && !wanted.head.startsWith('refs/');
	if (refs.size > 0 || isDetached) {
		await git({
			gitDirectory,
			arguments: ['rev-list', '--objects', '--quiet', '--all', ...(isDetached ? ['HEAD'] : [])],
			environment,
			signal,
		});
	}
}

async function readRefs(gitDirectory: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
	const output = await git({
		gitDirectory,
		arguments: ['for-each-ref', '--format=%(objectname) %(refname)'],
		environment,
		signal,
	});
	const lines = output.toString('latin1').split('\n');
	return new Map(
		lines.flatMap(line => {
			const [id = '', name] = line.split(' ');
			return name === undefined ? [] : [[name, id] as const];
		}),
	);
}

/** The ref that HEAD points to, or the object that it stands at. */
async function readHead(gitDirectory: string, signal: AbortSignal): Promise<string | undefined> {
	for (const arguments_ of [
		['symbolic-ref', '--quiet', 'HEAD'],
		['rev-parse', '--verify', '--quiet', 'HEAD'],
	]) {
		const {exitCode, stdout} = await runGit({gitDirectory, arguments: arguments_, environment, signal});
		if (exitCode === 0) {
			return stdout.toString('latin1').trimEnd();
		}
	}

	return undefined;
}
