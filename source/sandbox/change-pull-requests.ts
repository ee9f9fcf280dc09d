import type {HandleSurroundings} from './handle-surroundings.ts';
import {recordUpdate} from './record-update.ts';
import type {Comment, PullRequest, Repository, RepositoryContents, Task, Uuid} from './world.ts';

export type PullRequestChanges = {
	/** Opens one. Source and destination must be branches; the author defaults to the workspace's first user. */
	readonly addPullRequest: (request: {
		readonly title: string;
		readonly source: string;
		/** Default: the main branch. */
		readonly destination?: string;
		readonly description?: string;
		readonly author?: Uuid;
	}) => Promise<PullRequest>;
	/** With `silently`, here and below, the pull request's `updatedOn` stays: nobody outside knows whether Bitbucket's moves. */
	readonly addComment: (
		pullRequest: number,
		request: {
			readonly raw: string;
			readonly inline?: Comment['inline'];
			readonly parent?: number;
			readonly silently?: boolean;
		},
	) => Promise<Comment>;
	readonly editComment: (
		pullRequest: number,
		comment: number,
		request: {readonly raw: string; readonly silently?: boolean},
	) => Promise<Comment>;
	readonly addTask: (
		pullRequest: number,
		raw: string,
		options?: {readonly silently?: boolean},
	) => Promise<Task>;
	readonly resolveTask: (
		pullRequest: number,
		task: number,
		options?: {readonly silently?: boolean},
	) => Promise<Task>;
	/** Declines it; its source branch stays. */
	readonly decline: (pullRequest: number, reason?: string) => Promise<PullRequest>;
};

export function createPullRequestChanges(
	repository: Repository,
	{store, world, now, newId}: HandleSurroundings,
): PullRequestChanges {
	const time = () => new Date(now()).toISOString();
	const somebody = () => world.users[0]?.uuid ?? '';
	const find = async (id: number): Promise<PullRequest> => {
		const found = (await store.contents(repository)).pullRequests.find(pullRequest => pullRequest.id === id);
		if (!found) {
			throw new Error(`${repository.slug} has no pull request ${id}.`);
		}

		return found;
	};

	return {
		async addPullRequest({title, source, destination, description = '', author = somebody()}) {
			const contents = await store.contents(repository);
			const on = time();
			const pullRequest: PullRequest = {
				id: Math.max(0, ...contents.pullRequests.map(({id}) => id)) + 1,
				title,
				description,
				state: 'OPEN',
				draft: false,
				author,
				reviewers: [],
				participants: [],
				source: end(contents, repository, source),
				destination: end(contents, repository, destination ?? repository.mainBranch ?? 'main'),
				closeSourceBranch: false,
				reason: '',
				createdOn: on,
				updatedOn: on,
				comments: [],
				tasks: [],
				activity: [],
			};
			recordUpdate(pullRequest, on, author);
			contents.pullRequests.push(pullRequest);
			return pullRequest;
		},
		async addComment(id, {raw, inline, parent, silently = false}) {
			const pullRequest = await find(id);
			const on = time();
			const comment: Comment = {
				id: newId(),
				user: somebody(),
				createdOn: on,
				updatedOn: on,
				raw,
				deleted: false,
				pending: false,
				...(inline && {inline}),
				...(parent !== undefined && {parent}),
			};
			pullRequest.comments.push(comment);
			pullRequest.activity.push({kind: 'comment', date: on, comment: comment.id});
			pullRequest.updatedOn = silently ? pullRequest.updatedOn : on;
			return comment;
		},
		async editComment(id, commentId, {raw, silently = false}) {
			const pullRequest = await find(id);
			const comment = part(pullRequest.comments, commentId, 'comment');
			const on = time();
			Object.assign(comment, {raw, updatedOn: on});
			pullRequest.updatedOn = silently ? pullRequest.updatedOn : on;
			return comment;
		},
		async addTask(id, raw, {silently = false} = {}) {
			const pullRequest = await find(id);
			const on = time();
			const task: Task = {
				id: newId(),
				creator: somebody(),
				createdOn: on,
				updatedOn: on,
				state: 'UNRESOLVED',
				raw,
				pending: false,
			};
			pullRequest.tasks.push(task);
			pullRequest.updatedOn = silently ? pullRequest.updatedOn : on;
			return task;
		},
		async resolveTask(id, taskId, {silently = false} = {}) {
			const pullRequest = await find(id);
			const task = part(pullRequest.tasks, taskId, 'task');
			const on = time();
			Object.assign(task, {state: 'RESOLVED', updatedOn: on, resolvedOn: on, resolvedBy: somebody()});
			pullRequest.updatedOn = silently ? pullRequest.updatedOn : on;
			return task;
		},
		async decline(id, reason = '') {
			const pullRequest = await find(id);
			const on = time();
			Object.assign(pullRequest, {state: 'DECLINED', reason, closedBy: somebody(), updatedOn: on});
			recordUpdate(pullRequest, on, somebody());
			return pullRequest;
		},
	};
}

function part<Part extends {readonly id: number}>(parts: readonly Part[], id: number, name: string): Part {
	const found = parts.find(candidate => candidate.id === id);
	if (!found) {
		throw new Error(`The pull request has no ${name} ${id}.`);
	}

	return found;
}

function end(contents: RepositoryContents, repository: Repository, branch: string): PullRequest['source'] {
	const found = contents.refs.find(({kind, name}) => kind === 'branch' && name === branch);
	if (!found) {
		throw new Error(`${repository.slug} has no branch ${branch}.`);
	}

	return {branch, commit: found.hash, repository: repository.uuid};
}
