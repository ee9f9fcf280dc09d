import type {DiffstatEntry, FolderEntry} from '../../service-types.ts';
import type {Repository} from '../../world.ts';
import {commitStubJson} from './commit.ts';
import {encodePath} from './snippet.ts';
import {linkTo, repositoryApi, type ShapeSource} from './source.ts';

/** One changed file between two commits. */
export function diffstatJson(
	source: ShapeSource,
	repository: Repository,
	{from, to}: {readonly from: string; readonly to: string},
	entry: DiffstatEntry,
) {
	const side = (commit: string, path: string | null) =>
		path === null
			? null
			: {
					type: 'commit_file',
					path,
					escaped_path: encodePath(path),
					links: {self: linkTo(fileApi(source, repository, commit, path))},
				};
	return {
		type: 'diffstat',
		status: entry.status,
		lines_added: entry.linesAdded,
		lines_removed: entry.linesRemoved,
		old: side(from, entry.oldPath),
		new: side(to, entry.newPath),
	};
}

/** A file or folder in a listing. */
export function folderEntryJson(
	source: ShapeSource,
	repository: Repository,
	commit: string,
	entry: FolderEntry,
) {
	const self = fileApi(source, repository, commit, entry.path);
	const isFile = entry.type === 'commit_file';
	return {
		type: entry.type,
		path: entry.path,
		commit: commitStubJson(source, repository, commit),
		...(isFile && {
			size: entry.size,
			attributes: [
				...(entry.mode === '120000' ? ['link'] : []),
				...(entry.mode === '100755' ? ['executable'] : []),
				...(entry.mode === '160000' ? ['subrepository'] : []),
			],
			escaped_path: encodePath(entry.path),
		}),
		links: {
			self: linkTo(isFile ? self : `${self}/`),
			meta: linkTo(`${self}${isFile ? '' : '/'}?format=meta`),
		},
	};
}

function fileApi(source: ShapeSource, repository: Repository, commit: string, path: string): string {
	return `${repositoryApi(source, repository)}/src/${commit}/${encodePath(path)}`;
}
