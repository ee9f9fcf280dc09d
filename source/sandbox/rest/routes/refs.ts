import type {Ref} from '../../world.ts';
import {json, list} from '../answers.ts';
import {found} from '../find-one.ts';
import {type RepositoryCall, type Route, repositoryRoute} from '../route.ts';
import {readRepository} from '../scope-sets.ts';
import {refJson} from '../shapes/commit.ts';

export const refRoutes: readonly Route[] = [
	refList('/refs', () => true),
	refList('/refs/branches', ({kind}) => kind === 'branch'),
	refList('/refs/tags', ({kind}) => kind === 'tag'),
	oneRef('/refs/branches/{name}', 'branch'),
	oneRef('/refs/tags/{name}', 'tag'),
];

function refList(path: string, fits: (ref: Ref) => boolean): Route {
	return repositoryRoute({
		path,
		scopes: readRepository,
		async answer({services, repository, contents}) {
			const current = await contents();
			return list(current.refs.filter(fits), ref => refJson(services, repository, current, ref), {
				queryable: ['name', 'type', 'target', 'message', 'date'],
			});
		},
	});
}

function oneRef(path: string, kind: Ref['kind']): Route {
	return repositoryRoute({
		path,
		scopes: readRepository,
		async answer(call: RepositoryCall) {
			const current = await call.contents();
			const name = call.parameter('name');
			const ref = found(
				current.refs.find(candidate => candidate.kind === kind && candidate.name === name),
				`${kind} "${name}" does not exist.`,
			);
			return json(refJson(call.services, call.repository, current, ref));
		},
	});
}
