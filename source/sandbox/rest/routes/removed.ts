import {RestProblem} from '../problem.ts';
import type {Route} from '../route.ts';
import {nothing} from '../scope-sets.ts';

/** Addresses that Bitbucket took away: the lists over all workspaces, the issue tracker, wikis. They answer 410 to everybody. */
const paths = [
	'/repositories',
	'/workspaces',
	'/user/permissions/repositories',
	'/user/permissions/workspaces',
	...['issues', 'components', 'milestones', 'versions', 'wiki'].flatMap(room => [
		`/repositories/{workspace}/{repo_slug}/${room}`,
		`/repositories/{workspace}/{repo_slug}/${room}/{path}`,
	]),
];

export const removedRoutes: readonly Route[] = paths.map(path => ({
	path,
	scopes: nothing,
	removed: true,
	anonymous: true,
	answer() {
		throw new RestProblem(
			410,
			'This API has been removed. See https://developer.atlassian.com/cloud/bitbucket/changelog/',
		);
	},
}));
