import type {Commit, CommitStatus, Ref, Repository, RepositoryContents} from '../../world.ts';
import {signatureJson} from './people.ts';
import {repositoryStubJson} from './repository.ts';
import {
	commitMoment,
	linkTo,
	moment,
	rendered,
	repositoryApi,
	repositoryPage,
	type ShapeSource,
} from './source.ts';

export function commitJson(source: ShapeSource, repository: Repository, commit: Commit) {
	const self = `${repositoryApi(source, repository)}/commit/${commit.hash}`;
	const statuses = linkTo(`${self}/statuses`);
	return {
		...commitStubJson(source, repository, commit.hash),
		date: commitMoment(commit.date),
		author: signatureJson(source, commit.author),
		committer: {
			...signatureJson(source, commit.committer),
			type: 'committer',
			date: commitMoment(commit.committerDate),
		},
		message: commit.message,
		summary: rendered(commit.message),
		parents: commit.parents.map(parent => commitStubJson(source, repository, parent)),
		repository: repositoryStubJson(source, repository),
		links: {
			self: linkTo(self),
			html: linkTo(`${repositoryPage(source, repository)}/commits/${commit.hash}`),
			diff: linkTo(`${repositoryApi(source, repository)}/diff/${commit.hash}`),
			patch: linkTo(`${repositoryApi(source, repository)}/patch/${commit.hash}`),
			comments: linkTo(`${self}/comments`),
			statuses,
		},
	};
}

/** A commit as other objects name it; `hash` may be short. */
export function commitStubJson(source: ShapeSource, repository: Repository, hash: string) {
	return {
		type: 'commit',
		hash,
		links: {
			self: linkTo(`${repositoryApi(source, repository)}/commit/${hash}`),
			html: linkTo(`${repositoryPage(source, repository)}/commits/${hash}`),
		},
	};
}

/** A branch or tag. Of a lightweight tag nobody knows who made it, when and why. */
export function refJson(
	source: ShapeSource,
	repository: Repository,
	{commits}: Pick<RepositoryContents, 'commits'>,
	ref: Ref,
) {
	const name = encodeURIComponent(ref.name);
	const room = ref.kind === 'branch' ? 'branches' : 'tags';
	const commit = commits.get(ref.hash);
	const shared = {
		type: ref.kind,
		name: ref.name,
		target: commit ? commitJson(source, repository, commit) : commitStubJson(source, repository, ref.hash),
		links: {
			self: linkTo(`${repositoryApi(source, repository)}/refs/${room}/${name}`),
			commits: linkTo(`${repositoryApi(source, repository)}/commits/${name}`),
			html: linkTo(
				`${repositoryPage(source, repository)}/${ref.kind === 'branch' ? 'branch' : 'commits/tag'}/${name}`,
			),
		},
	};
	if (ref.kind === 'branch') {
		return {
			...shared,
			merge_strategies: [
				'merge_commit',
				'squash',
				'fast_forward',
				'squash_fast_forward',
				'rebase_fast_forward',
				'rebase_merge',
			],
			sync_strategies: ['merge_commit', 'rebase'],
			default_merge_strategy: 'merge_commit',
		};
	}

	const {annotation} = ref;
	return {
		...shared,
		message: annotation?.message ?? null,
		date: annotation ? commitMoment(annotation.date) : null,
		tagger: annotation ? signatureJson(source, annotation.tagger) : null,
	};
}

export function commitStatusJson(source: ShapeSource, repository: Repository, status: CommitStatus) {
	const commit = `${repositoryApi(source, repository)}/commit/${status.commit}`;
	return {
		type: 'build',
		key: status.key,
		uuid: status.uuid,
		name: status.name,
		state: status.state,
		url: status.url,
		description: status.description,
		refname: status.refname,
		created_on: moment(status.createdOn),
		updated_on: moment(status.updatedOn),
		commit: commitStubJson(source, repository, status.commit),
		repository: repositoryStubJson(source, repository),
		links: {
			self: linkTo(`${commit}/statuses/build/${encodeURIComponent(status.key)}`),
			commit: linkTo(commit),
		},
	};
}
