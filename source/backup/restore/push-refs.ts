import type {MirrorReader} from '../mirror.ts';
import type {RefList} from '../ref-list.ts';
import type {PushTarget} from './push-target.ts';
import {type RestoreProgress, reportGitProgress} from './restore-progress.ts';

/** A ref that the server did not take. The name is a byte string, the reason the server's or git's own. */
export type RejectedRef = {readonly name: string; readonly reason: string};

/**
HTTP requests of `git ls-remote` and `git push`, counted at a server (git 2.39). A push of more than a megabyte asks once more
before it sends, a smaller one takes one less than this.
*/
const listRequests = 2;
const pushRequests = 3;

/** What one git is given to push: its arguments must not become too long, nor a server's patience too short. */
const refsAtOnce = 500;
const argumentBytes = 64 * 1024;

/** Every ref that a repository has now. @throws RequestFailed, GitFailed */
export async function listRemote(target: PushTarget, mirror: MirrorReader): Promise<RefList> {
	const {stdout} = await target.run(mirror, ['ls-remote', '--symref', '--', target.url], listRequests);
	let head: string | undefined;
	const refs = new Map<string, string>();
	for (const line of stdout.toString('latin1').split('\n')) {
		const [value = '', name = ''] = line.split('\t');
		if (name === 'HEAD') {
			head ??= value.replace(/^ref: /, '');
		} else if (name.startsWith('refs/') && !name.endsWith('^{}')) {
			refs.set(name, value);
		}
	}

	return {head, refs};
}

/**
Pushes refs, each by its id and under its name; deletes nothing. A ref is written over only while it is what it was when it was
looked at.

@param present What the repository had when it was looked at.
@returns the refs that the server did not take.
@throws RequestFailed, GitFailed
*/
export async function pushRefs(options: {
	readonly mirror: MirrorReader;
	readonly target: PushTarget;
	readonly refs: RefList;
	readonly present: RefList['refs'];
	readonly progress: RestoreProgress;
}): Promise<readonly RejectedRef[]> {
	const {mirror, target, refs, present, progress} = options;
	const rejected: RejectedRef[] = [];
	let done = 0;
	for (const portion of portionsOf(refs)) {
		mirror.signal.throwIfAborted();
		const {stdout} = await target.run(
			mirror,
			[
				...['push', '--porcelain', '--no-verify', '--no-signed', '--no-follow-tags', '--progress'],
				...portion.map(({name}) => `--force-with-lease=${argument(name)}:${present.get(name) ?? ''}`),
				'--',
				target.url,
				...portion.map(({name, id}) => `${id}:${argument(name)}`),
			],
			pushRequests,
			line => reportGitProgress(line, 'push', progress),
		);
		rejected.push(...parseRejected(stdout));
		done += portion.length;
		progress('push', done, refs.refs.size, 'refs');
	}

	return rejected;
}

type Ref = {readonly name: string; readonly id: string};

/** The default branch alone and first: some servers take the first branch that they get for it. */
function portionsOf({head, refs}: RefList): ReadonlyArray<readonly Ref[]> {
	const first = head === undefined ? undefined : refs.get(head);
	const portions: Ref[][] = [];
	let current: Ref[] = [];
	let bytes = 0;
	for (const [name, id] of refs) {
		const size = 2 * (name.length + id.length) + 32;
		if (name === head) {
			continue;
		}

		if (current.length === 0 || current.length >= refsAtOnce || bytes + size > argumentBytes) {
			current = [];
			bytes = 0;
			portions.push(current);
		}

		current.push({name, id});
		bytes += size;
	}

	return head === undefined || first === undefined ? portions : [[{name: head, id: first}], ...portions];
}

/** A name as an argument, of a name that is text. */
function argument(name: string): string {
	return Buffer.from(name, 'latin1').toString('utf8');
}

/** Whether a name can be handed to git as an argument: bytes that are no text cannot. */
export function isText(name: string): boolean {
	return Buffer.from(argument(name)).toString('latin1') === name;
}

/** Reads what `git push --porcelain` says of each ref (https://git-scm.com/docs/git-push#_output). */
export function parseRejected(stdout: Buffer): readonly RejectedRef[] {
	return stdout
		.toString('latin1')
		.split('\n')
		.flatMap(line => {
			const [, name, summary = ''] = /^!\t[^\t]*:([^\t:]+)\t(.*)$/.exec(line) ?? [];
			const reason = /\((.*)\)$/.exec(summary)?.[1] ?? summary;
			return name === undefined ? [] : [{name, reason: Buffer.from(reason, 'latin1').toString('utf8')}];
		});
}
