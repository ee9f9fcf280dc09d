import {type FindUser, readAllCommits, readRefs} from './git-listing.ts';
import type {GitProcess} from './git-process.ts';
import {recordUpdate} from './record-update.ts';
import type {PullRequest, Repository, RepositoryContents} from './world.ts';

/** Brings a repository's contents up to what its Git data hold now, as Bitbucket does after a push. */
export async function refreshContents(options: {
	readonly repository: Repository;
	readonly contents: RepositoryContents;
	readonly git: GitProcess;
	readonly gitDirectory: string;
	readonly findUser: FindUser;
	readonly now: () => number;
}): Promise<void> {
	const {repository, contents, git, gitDirectory, findUser, now} = options;
	const on = new Date(now()).toISOString();
	contents.refs = await readRefs(git, gitDirectory, findUser);
	const commits = await readAllCommits(git, gitDirectory, findUser);
	for (const [hash, commit] of commits) {
		contents.commits.set(hash, commit);
	}

	const branches = contents.refs.filter(({kind}) => kind === 'branch');
	const tips = new Map(branches.map(({name, hash}) => [name, hash]));
	for (const pullRequest of contents.pullRequests) {
		follow(pullRequest, tips, on);
	}

	repository.updatedOn = on;
}

/** An open pull request goes where its source branch goes; the destination's tip moves without being news. */
function follow(pullRequest: PullRequest, tips: ReadonlyMap<string, string>, on: string): void {
	if (pullRequest.state !== 'OPEN') {
		return;
	}

	const {source, destination} = pullRequest;
	destination.commit = tips.get(destination.branch) ?? destination.commit;
	const commit = tips.get(source.branch);
	if (commit === undefined || commit === source.commit) {
		return;
	}

	source.commit = commit;
	pullRequest.updatedOn = on;
	recordUpdate(pullRequest, on, pullRequest.author);
}
