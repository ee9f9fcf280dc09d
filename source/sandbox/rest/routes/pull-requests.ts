import type {PullRequestState} from '../../world.ts';
import {json, list, type RedirectAnswer} from '../answers.ts';
import {badRequest} from '../problem.ts';
import {pullRequestRoute} from '../pull-request-route.ts';
import {type Route, repositoryRoute} from '../route.ts';
import {readPullRequests} from '../scope-sets.ts';
import {happeningJson, happeningsIn} from '../shapes/activity.ts';
import {commitJson, commitStatusJson} from '../shapes/commit.ts';
import {hiddenInLists, pullRequestJson, pullRequestSpec} from '../shapes/pull-request.ts';
import {repositoryApi} from '../shapes/source.ts';

const states: readonly PullRequestState[] = ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED'];

/** What a pull request's JSON can be searched and sorted by. */
const queryable = [
	'id',
	'title',
	'description',
	'summary',
	'state',
	'draft',
	'author',
	'reviewers',
	'participants',
	'source',
	'destination',
	'merge_commit',
	'comment_count',
	'task_count',
	'close_source_branch',
	'closed_by',
	'reason',
	'created_on',
	'updated_on',
];

export const pullRequestRoutes: readonly Route[] = [
	repositoryRoute({
		path: '/pullrequests',
		scopes: readPullRequests,
		async answer({services, repository, contents, query}) {
			const wanted = statesOf(query);
			const fitting = (await contents()).pullRequests
				.filter(({state}) => wanted.includes(state))
				.sort((one, other) => other.id - one.id);
			return list(fitting, pullRequest => pullRequestJson(services, repository, pullRequest), {
				maximumPageLength: 50,
				queryable,
				hidden: hiddenInLists,
			});
		},
	}),
	repositoryRoute({
		path: '/pullrequests/activity',
		scopes: readPullRequests,
		async answer({services, repository, contents}) {
			const happenings = happeningsIn(repository, (await contents()).pullRequests);
			return list(happenings, happening => happeningJson(services, happening), {opaque: true});
		},
	}),
	pullRequestRoute({
		path: '',
		answer: ({services, repository, pullRequest}) => json(pullRequestJson(services, repository, pullRequest)),
	}),
	pullRequestRoute({
		path: '/activity',
		answer: ({services, repository, pullRequest}) =>
			list(happeningsIn(repository, [pullRequest]), happening => happeningJson(services, happening), {
				opaque: true,
			}),
	}),
	pullRequestRoute({
		path: '/commits',
		async answer({services, repository, pullRequest: {source, destination}}) {
			const range = {include: [source.commit], exclude: [destination.commit]};
			const commits = await services.git.log(repository, range);
			return list(commits, commit => commitJson(services, repository, commit), {opaque: true});
		},
	}),
	pullRequestRoute({
		path: '/statuses',
		async answer({services, repository, contents, pullRequest: {source}}) {
			const statuses = (await contents()).commitStatuses.filter(({commit}) => commit === source.commit);
			return list(statuses, status => commitStatusJson(services, repository, status), {
				queryable: ['key', 'name', 'state', 'refname', 'created_on', 'updated_on'],
			});
		},
	}),
	redirectToChanges('diff'),
	redirectToChanges('patch'),
	redirectToChanges('diffstat'),
];

/** Only open ones unless others are named; with a query all, because then the query decides. */
function statesOf(query: URLSearchParams): readonly string[] {
	if (query.has('q')) {
		return states;
	}

	const named = query.getAll('state').map(state => state.toUpperCase());
	const unknown = named.find(state => !states.some(known => known === state));
	if (unknown !== undefined) {
		throw badRequest(`Invalid state: ${unknown}`);
	}

	return named.length > 0 ? named : ['OPEN'];
}

function redirectToChanges(kind: 'diff' | 'patch' | 'diffstat'): Route {
	return pullRequestRoute({
		path: `/${kind}`,
		answer({services, repository, pullRequest}): RedirectAnswer {
			const spec = pullRequestSpec(services, repository, pullRequest);
			const query = `from_pullrequest_id=${pullRequest.id}&topic=true`;
			return {
				kind: 'redirect',
				location: `${repositoryApi(services, repository)}/${kind}/${spec}?${query}`,
			};
		},
	});
}
