import * as z from 'zod';
import {coverageOf} from '../backup/covered-repositories.ts';
import type {CatalogEntry} from '../store/catalog.ts';
import type {StoreContents} from '../store/store.ts';
import {findOrganization} from './find.ts';
import {openPool} from './open-pool.ts';
import type {Workplace} from './workplace.ts';

/** What a listing must hold of a repository; everything else is left aside. */
const ListedRepositorySchema = z.looseObject({
	uuid: z.string(),
	slug: z.string().optional(),
	full_name: z.string().optional(),
	name: z.string().optional(),
	size: z.number().nullish(),
	is_private: z.boolean().optional(),
	description: z.string().nullish(),
	updated_on: z.string().nullish(),
	project: z.looseObject({key: z.string().optional(), name: z.string().optional()}).nullish(),
});

/** A repository of an organization, as its tile shows it. Texts are as Bitbucket gave them: sanitize before showing. */
export type RepositoryTile = {
	readonly name: string;
	readonly slug: string;
	readonly uuid: string;
	/** Key and name of its project. */
	readonly project?: {readonly key: string; readonly name: string};
	readonly description?: string;
	/** Bytes upstream, as Bitbucket says. */
	readonly size?: number;
	/** Whether Bitbucket lists it; one that it does not list any more is archived: kept, and gone upstream. */
	readonly isUpstream: boolean;
	/** What the last run that covered it found out; undefined before the first. */
	readonly backup?: CatalogEntry;
	/** Names of the plans that cover it. */
	readonly plans: readonly string[];
};

/**
Lists an organization's repositories online, joined with what the last runs found out about each.

@throws UserError, RequestFailed, the signal's reason.
*/
export async function listRepositories(
	workplace: Workplace,
	workspace: string,
	signal?: AbortSignal,
): Promise<RepositoryTile[]> {
	const contents = await workplace.store.read();
	const organization = findOrganization(contents, workspace);
	const plansCovering = plansOf(contents, workspace);
	const pool = await openPool(workplace, {
		organization,
		credentials: [organization.primaryCredential],
		reservePercent: 0,
		requestsPerSecond: 10,
		signal,
		onChange: () => undefined,
	});
	const tiles: RepositoryTile[] = [];
	try {
		const listed = pool.pages({
			url: `/repositories/${encodeURIComponent(workspace)}?pagelen=100&sort=slug`,
			only: 'workspace',
		});
		for await (const value of listed) {
			tiles.push(listedTile(value, workplace, workspace, plansCovering));
		}
	} finally {
		pool.close();
	}

	const upstream = new Set(tiles.map(tile => tile.uuid));
	const archived = (await listKnownRepositories(workplace, workspace))
		.filter(tile => !upstream.has(tile.uuid))
		.map(tile => ({...tile, isUpstream: false}));
	return [...tiles, ...archived];
}

/** The repositories that runs have seen, without asking Bitbucket: what can be shown at once, and offline. */
export async function listKnownRepositories(
	workplace: Workplace,
	workspace: string,
): Promise<RepositoryTile[]> {
	const plansCovering = plansOf(await workplace.store.read(), workspace);
	return workplace.catalog.list(workspace).map(entry => ({
		name: entry.slug,
		slug: entry.slug,
		uuid: entry.uuid,
		isUpstream: entry.archivedSince === undefined,
		backup: entry,
		plans: plansCovering(entry.slug),
	}));
}

function listedTile(
	value: unknown,
	workplace: Workplace,
	workspace: string,
	plansCovering: (slug: string) => string[],
): RepositoryTile {
	const listed = ListedRepositorySchema.parse(value);
	const slug = listed.slug ?? listed.full_name?.split('/')[1] ?? listed.uuid;
	const backup = workplace.catalog.get(workspace, listed.uuid);
	const {project, description, size} = listed;
	return {
		name: listed.name ?? slug,
		slug,
		uuid: listed.uuid,
		...(project?.key === undefined ? {} : {project: {key: project.key, name: project.name ?? project.key}}),
		...(typeof description === 'string' && description !== '' ? {description} : {}),
		...(typeof size === 'number' ? {size} : {}),
		isUpstream: true,
		...(backup === undefined ? {} : {backup}),
		plans: plansCovering(slug),
	};
}

/** Names of the plans of a workspace that cover the repository of a slug. */
function plansOf(contents: StoreContents, workspace: string): (slug: string) => string[] {
	const plans = contents.plans
		.filter(({organization}) => organization === workspace)
		.map(plan => ({name: plan.name, covers: coverageOf(plan)}));
	return slug => plans.filter(({covers}) => covers(slug)).map(({name}) => name);
}
