import type {Answer} from '../answers.ts';
import {list} from '../answers.ts';
import {notFound} from '../problem.ts';
import {rangeOf} from '../revisions.ts';
import {type RepositoryCall, type Route, repositoryRoute} from '../route.ts';
import {readRepository} from '../scope-sets.ts';
import {diffstatJson} from '../shapes/files.ts';

/** Diffs, patches and what they amount to. */
export const changeRoutes: readonly Route[] = [
	changes('/diff/{spec}', async ({services, repository}, {from, to}) =>
		text(await services.git.diff(repository, from, to)),
	),
	changes('/patch/{spec}', async ({services, repository}, {from, to}) =>
		text(await services.git.patch(repository, from, to)),
	),
	changes('/diffstat/{spec}', async ({services, repository}, range) =>
		list(
			await services.git.diffstat(repository, range.from, range.to),
			entry => diffstatJson(services, repository, range, entry),
			{defaultPageLength: 500, maximumPageLength: 5000},
		),
	),
];

function changes(
	path: string,
	answer: (call: RepositoryCall, range: {readonly from: string; readonly to: string}) => Promise<Answer>,
): Route {
	return repositoryRoute({
		path,
		scopes: readRepository,
		async answer(call) {
			const {from, to} = rangeOf(await call.contents(), call.parameter('spec'));
			if (from === undefined) {
				throw notFound('The first commit has nothing to be compared with.');
			}

			return answer(call, {from, to});
		},
	});
}

/** As it is, in whatever encoding the files have. */
function text(body: Buffer): Answer {
	return {kind: 'bytes', body, contentType: 'text/plain'};
}
