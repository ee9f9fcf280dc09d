import {json, list} from '../answers.ts';
import {byId, found} from '../find-one.ts';
import {commitOf} from '../revisions.ts';
import {type RepositoryCall, type Route, repositoryRoute} from '../route.ts';
import {readPullRequests, readRepository} from '../scope-sets.ts';
import {commitJson, commitStatusJson} from '../shapes/commit.ts';
import {commitCommentJson} from '../shapes/discussion.ts';
import {hiddenInLists, pullRequestJson} from '../shapes/pull-request.ts';

export const commitRoutes: readonly Route[] = [
	repositoryRoute({
		path: '/commits',
		scopes: readRepository,
		async answer(call) {
			const {refs} = await call.contents();
			return log(
				call,
				refs.map(({hash}) => hash),
			);
		},
	}),
	repositoryRoute({
		path: '/commits/{name}',
		scopes: readRepository,
		answer: async call => log(call, [commitOf(await call.contents(), call.parameter('name')).hash]),
	}),
	repositoryRoute({
		path: '/commit/{commit}',
		scopes: readRepository,
		async answer(call) {
			const commit = commitOf(await call.contents(), call.parameter('commit'));
			return json(commitJson(call.services, call.repository, commit));
		},
	}),
	repositoryRoute({
		path: '/commit/{commit}/statuses',
		scopes: readRepository,
		async answer({services, repository, contents, parameter}) {
			const current = await contents();
			const {hash} = commitOf(current, parameter('commit'));
			const statuses = current.commitStatuses.filter(({commit}) => commit === hash);
			return list(statuses, status => commitStatusJson(services, repository, status), {
				queryable: ['key', 'name', 'state', 'refname', 'created_on', 'updated_on'],
			});
		},
	}),
	repositoryRoute({
		path: '/commit/{commit}/statuses/build/{key}',
		scopes: readRepository,
		async answer({services, repository, contents, parameter}) {
			const current = await contents();
			const {hash} = commitOf(current, parameter('commit'));
			const status = current.commitStatuses.find(
				({commit, key}) => commit === hash && key === parameter('key'),
			);
			return json(commitStatusJson(services, repository, found(status)));
		},
	}),
	repositoryRoute({
		path: '/commit/{commit}/comments',
		scopes: readRepository,
		async answer(call) {
			const comments = await commentsOf(call);
			return list(comments, comment => commitCommentJson(call.services, call.repository, comment), {
				queryable: ['id', 'created_on', 'updated_on', 'user', 'deleted'],
			});
		},
	}),
	repositoryRoute({
		path: '/commit/{commit}/comments/{comment_id}',
		scopes: readRepository,
		async answer(call) {
			const comment = byId(await commentsOf(call), call.parameter('comment_id'));
			return json(commitCommentJson(call.services, call.repository, comment));
		},
	}),
	repositoryRoute({
		path: '/commit/{commit}/pullrequests',
		scopes: readPullRequests,
		async answer({services, repository, contents, parameter}) {
			const current = await contents();
			const {hash} = commitOf(current, parameter('commit'));
			const holders = current.pullRequests.filter(
				({source, mergeCommit}) => source.commit === hash || mergeCommit === hash,
			);
			return list(holders, holder => pullRequestJson(services, repository, holder), {
				maximumPageLength: 50,
				hidden: hiddenInLists,
			});
		},
	}),
];

/** Commits that these reach (and `include`s of the query), less what its `exclude`s reach. Such lists have no numbers. */
async function log(call: RepositoryCall, from: readonly string[]) {
	const {services, repository, query} = call;
	const current = await call.contents();
	const hashes = (name: string) => query.getAll(name).map(revision => commitOf(current, revision).hash);
	const included = hashes('include');
	const include = included.length > 0 ? included : from;
	const commits =
		include.length === 0 ? [] : await services.git.log(repository, {include, exclude: hashes('exclude')});
	return list(commits, commit => commitJson(services, repository, commit), {opaque: true});
}

async function commentsOf({contents, parameter}: RepositoryCall) {
	const current = await contents();
	const {hash} = commitOf(current, parameter('commit'));
	return current.commitComments.filter(({commit}) => commit === hash);
}
