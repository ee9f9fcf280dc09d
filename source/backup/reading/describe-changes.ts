import * as z from 'zod';
import {readFiles, readJson} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';
import {changedFields} from './changed-fields.ts';
import {type ChangedPath, readChangedPaths, type SnapshotPair} from './changed-paths.ts';

/** A pull request that is new or changed. Texts are as they came. */
export type DescribedPullRequest = {
	readonly id: number;
	readonly title: string | undefined;
	readonly state: {readonly before: string | undefined; readonly after: string | undefined};
	/** How many comments came to it; negative where some were taken away. */
	readonly comments: number;
	/** The same of tasks. */
	readonly tasks: number;
};

/** What counts of changes do not say. */
export type ChangeDetails = {
	/** The new and the changed ones, by their numbers. */
	readonly pullRequests: readonly DescribedPullRequest[];
	/** Fields of the repository's description that changed. */
	readonly repositoryFields: readonly string[];
	/** Names of download files. */
	readonly downloads: Sides<string>;
	/** Ids of LFS objects. */
	readonly lfsObjects: Sides<string>;
};

export type Sides<Item> = {readonly added: readonly Item[]; readonly removed: readonly Item[]};

const PullRequestSchema = z.looseObject({
	title: z.string().optional().catch(undefined),
	state: z.string().optional().catch(undefined),
	comment_count: z.number().catch(0).default(0),
	task_count: z.number().catch(0).default(0),
});
type PullRequest = z.infer<typeof PullRequestSchema>;

const DownloadsSchema = z.array(z.looseObject({download: z.looseObject({name: z.string()})}));
const LfsObjectsSchema = z.array(z.looseObject({oid: z.string()}));

/** Pull requests that are read at once; bounds what is held in memory. */
const atOnce = 200;

/**
Reads what changes between two snapshots are about.

@throws GitFailed
*/
export async function describeChanges(mirror: MirrorReader, pair: SnapshotPair): Promise<ChangeDetails> {
	const paths = (await readChangedPaths(mirror, [pair])).get(pair.after) ?? [];
	const list = async <Value>(file: string, schema: z.ZodType<Value[]>, nameOf: (value: Value) => string) => {
		const read = async (id: string | undefined): Promise<readonly string[]> =>
			id === undefined ? [] : (schema.safeParse(await readJson(mirror, id)).data ?? []).map(nameOf);
		const found = paths.find(({path}) => path === file);
		return sidesOf(await read(found?.before), await read(found?.after));
	};

	return {
		pullRequests: await describePullRequests(mirror, paths),
		repositoryFields: await describeRepository(mirror, paths),
		downloads: await list('downloads.json', DownloadsSchema, ({download}) => download.name),
		lfsObjects: await list('lfs.json', LfsObjectsSchema, ({oid}) => oid),
	};
}

/** Those whose own file changed: what else changed of one stands in its activity and shows in its counters. */
async function describePullRequests(
	mirror: MirrorReader,
	paths: readonly ChangedPath[],
): Promise<readonly DescribedPullRequest[]> {
	const changed = paths
		.flatMap(({path, before, after}) => {
			const [, number] = /^pull-requests\/(\d+)\/pull-request\.json$/.exec(path) ?? [];
			return number === undefined || after === undefined ? [] : [{number: Number(number), before, after}];
		})
		.sort((left, right) => left.number - right.number);
	const described: DescribedPullRequest[] = [];
	for (let start = 0; start < changed.length; start += atOnce) {
		const some = changed.slice(start, start + atOnce);
		const ids = some.flatMap(({before, after}) => [before ?? after, after]);
		const files = await readFiles(mirror, ids);
		described.push(
			...some.map(({number, before}, index) =>
				describe(
					number,
					before === undefined ? undefined : parsePullRequest(files[2 * index]),
					parsePullRequest(files[2 * index + 1]),
				),
			),
		);
	}

	return described;
}

function describe(
	id: number,
	before: PullRequest | undefined,
	after: PullRequest | undefined,
): DescribedPullRequest {
	return {
		id,
		title: after?.title ?? before?.title,
		state: {before: before?.state, after: after?.state},
		comments: (after?.comment_count ?? 0) - (before?.comment_count ?? 0),
		tasks: (after?.task_count ?? 0) - (before?.task_count ?? 0),
	};
}

function parsePullRequest(file: Buffer | undefined): PullRequest | undefined {
	try {
		return file === undefined
			? undefined
			: PullRequestSchema.safeParse(JSON.parse(file.toString('utf8'))).data;
	} catch {
		return undefined;
	}
}

async function describeRepository(
	mirror: MirrorReader,
	paths: readonly ChangedPath[],
): Promise<readonly string[]> {
	const found = paths.find(({path}) => path === 'repository.json');
	if (found?.before === undefined || found.after === undefined) {
		return [];
	}

	const [before, after] = await readFiles(mirror, [found.before, found.after]);
	return changedFields(before, after) ?? [];
}

function sidesOf(before: readonly string[], after: readonly string[]): Sides<string> {
	const [old, now] = [new Set(before), new Set(after)];
	return {added: [...now].filter(name => !old.has(name)), removed: [...old].filter(name => !now.has(name))};
}
