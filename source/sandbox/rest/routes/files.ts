import {type BytesAnswer, json, list} from '../answers.ts';
import {found} from '../find-one.ts';
import {notFound} from '../problem.ts';
import {commitOf} from '../revisions.ts';
import {type RepositoryCall, type Route, repositoryRoute} from '../route.ts';
import {readRepository} from '../scope-sets.ts';
import {downloadJson} from '../shapes/download.ts';
import {folderEntryJson} from '../shapes/files.ts';
import {linkTo, repositoryApi} from '../shapes/source.ts';

/** Files of a repository: those that are offered for download, and those in its commits. */
export const fileRoutes: readonly Route[] = [
	repositoryRoute({
		path: '/downloads',
		scopes: readRepository,
		answer: async ({services, repository, contents}) =>
			list((await contents()).downloads, download => downloadJson(services, repository, download)),
	}),
	repositoryRoute({
		path: '/downloads/{filename}',
		scopes: readRepository,
		resource: 'raw',
		async answer({services, repository, contents, parameter}) {
			const wanted = parameter('filename');
			const {name} = found((await contents()).downloads.find(download => download.name === wanted));
			return {kind: 'redirect', location: services.downloadLink(repository, name)};
		},
	}),
	repositoryRoute({
		path: '/src',
		scopes: readRepository,
		async answer(call) {
			const current = await call.contents();
			const branch = found(call.repository.mainBranch, 'The repository is empty.');
			return source(call, commitOf(current, branch).hash, '');
		},
	}),
	repositoryRoute({
		path: '/src/{commit}/{path}',
		scopes: readRepository,
		resource: 'raw',
		answer: async call =>
			source(call, commitOf(await call.contents(), call.parameter('commit')).hash, call.parameter('path')),
	}),
];

/** A file's bytes, its description (`format=meta`), or what is in a folder. */
async function source(call: RepositoryCall, commit: string, path: string) {
	const {services, repository, query} = call;
	const {git} = services;
	const entryJson = (entry: Parameters<typeof folderEntryJson>[3]) =>
		folderEntryJson(services, repository, commit, entry);
	const folder = path.replace(/\/$/, '');
	const file = folder === '' ? undefined : await git.file(repository, commit, folder);
	if (file && query.get('format') !== 'meta') {
		return rawFile(file, folder);
	}

	if (file) {
		const parent = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
		const entries = await git.folder(repository, commit, parent);
		return json(entryJson(found(entries.find(entry => entry.path === folder))));
	}

	const entries = await git.folder(repository, commit, folder);
	if (entries.length === 0 && folder !== '') {
		throw notFound(`No such file or directory: ${folder}`);
	}

	if (query.get('format') === 'meta') {
		const self = `${repositoryApi(services, repository)}/src/${commit}/${folder}/`;
		return json({type: 'commit_directory', path: folder, links: {self: linkTo(self)}});
	}

	return list(entries, entryJson);
}

/** Never something that a browser would run. */
export function rawFile(body: Uint8Array, path: string): BytesAnswer {
	const name = encodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
	return {
		kind: 'bytes',
		body,
		contentType: 'application/octet-stream',
		headers: {'Content-Disposition': `attachment; filename*=UTF-8''${name}`},
	};
}
