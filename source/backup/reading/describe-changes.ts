import {z} from 'zod';
import {readFiles, readJson} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';
import {changedFields} from './changed-fields.ts';
import type {SnapshotPair} from './read-changes.ts';
import type {SnapshotChanges} from './snapshot-changes.ts';

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
Reads what changes of two snapshots are about.

@throws GitFailed
*/
export async function describeChanges(
	mirror: MirrorReader,
	pair: SnapshotPair,
	changes: SnapshotChanges,
): Promise<ChangeDetails> {
	const list = async <Value>(file: string, schema: z.ZodType<Value[]>, nameOf: (value: Value) => string) => {
		const isDifferent = changes.files.some(({path}) => path === file);
		const read = async (commit: string): Promise<readonly string[]> =>
			isDifferent
				? (schema.safeParse(await readJson(mirror, `${commit}:${file}`)).data ?? []).map(nameOf)
				: [];
		return sidesOf(await read(pair.before), await read(pair.after));
	};

	return {
		pullRequests: await describePullRequests(mirror, pair, changes),
		repositoryFields: await describeRepository(mirror, pair, changes),
		downloads: await list('downloads.json', DownloadsSchema, ({download}) => download.name),
		lfsObjects: await list('lfs.json', LfsObjectsSchema, ({oid}) => oid),
	};
}

async function describePullRequests(
	mirror: MirrorReader,
	{before, after}: SnapshotPair,
	{pullRequests}: SnapshotChanges,
): Promise<readonly DescribedPullRequest[]> {
	const ids = [...pullRequests.added, ...pullRequests.updated].sort((left, right) => left - right);
	const described: DescribedPullRequest[] = [];
	for (let start = 0; start < ids.length; start += atOnce) {
		const some = ids.slice(start, start + atOnce);
		const files = await readFiles(
			mirror,
			some.flatMap(id => [before, after].map(commit => `${commit}:pull-requests/${id}/pull-request.json`)),
		);
		described.push(
			...some.map((id, index) =>
				describe(id, parsePullRequest(files[2 * index]), parsePullRequest(files[2 * index + 1])),
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
	{before, after}: SnapshotPair,
	{files}: SnapshotChanges,
): Promise<readonly string[]> {
	const file = 'repository.json';
	if (!files.some(({path}) => path === file)) {
		return [];
	}

	const [left, right] = await readFiles(mirror, [`${before}:${file}`, `${after}:${file}`]);
	return changedFields(left, right) ?? [];
}

function sidesOf(before: readonly string[], after: readonly string[]): Sides<string> {
	const [old, now] = [new Set(before), new Set(after)];
	return {added: [...now].filter(name => !old.has(name)), removed: [...old].filter(name => !now.has(name))};
}
