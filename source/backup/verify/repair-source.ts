import type {AccountPool} from '../../accounts/pool-types.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';
import {RepositorySchema} from '../../bitbucket/resources.ts';
import type {Organization} from '../../model/organization.ts';
import {readFiles} from '../last-snapshot.ts';
import type {ListedMirror} from '../list-mirrors.ts';
import {openMirrorReader} from '../mirror.ts';
import {readMirrorRefs} from '../mirror-refs.ts';
import {snippetUpstream} from '../snippets-backup.ts';
import type {RepairSource} from './repair-mirror.ts';

/** Where upstream has what a mirror holds. A repository is looked for by its uuid: it may have another name by now. */
export async function findRepairSource(
	mirror: ListedMirror,
	organization: Organization,
	pool: AccountPool,
	signal: AbortSignal,
): Promise<RepairSource> {
	switch (mirror.kind) {
		case 'workspace':
			return {pool, upstream: undefined, path: undefined};
		case 'snippet': {
			const snippet = await readSnippet(mirror, signal);
			return {pool, upstream: snippetUpstream(snippet, organization.gitUrl, pool), path: undefined};
		}

		case 'repository':
			return repositorySource(organization, pool, await currentSlug(mirror, organization, pool));
	}
}

/** Where upstream has a repository. */
export function repositorySource(
	{gitUrl, workspace}: Organization,
	pool: AccountPool,
	slug: string,
): RepairSource {
	const address = `${workspace}/${encodeURIComponent(slug)}`;
	return {
		pool,
		upstream: {name: slug, cloneUrl: `${gitUrl.replace(/\/$/, '')}/${address}.git`, pool},
		path: `/repositories/${address}`,
	};
}

/** @returns the name that the mirror knows where upstream does not tell another one. */
async function currentSlug(
	{name, uuid}: ListedMirror,
	{workspace}: Organization,
	pool: AccountPool,
): Promise<string> {
	if (uuid === undefined) {
		return name;
	}

	try {
		const path = `/repositories/${encodeURIComponent(workspace)}/${encodeURIComponent(uuid)}`;
		const answer = await pool.get({url: path, repository: name});
		return RepositorySchema.safeParse(answer.json()).data?.slug ?? name;
	} catch (error) {
		if (error instanceof RequestFailed && error.reason !== 'no-account') {
			return name;
		}

		throw error;
	}
}

/** What the newest snapshot of a snippet says of it. */
async function readSnippet({folder}: ListedMirror, signal: AbortSignal): Promise<unknown> {
	const reader = await openMirrorReader(folder, signal);
	const {snapshots} = await readMirrorRefs(reader);
	for (const commit of [...snapshots.values()].reverse()) {
		const [file] = await readFiles(reader, [`${commit}:snippet.json`]);
		if (file !== undefined) {
			return JSON.parse(file.toString('utf8'));
		}
	}

	return undefined;
}
