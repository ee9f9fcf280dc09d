import * as z from 'zod';
import {readFiles, type Snapshot} from '../last-snapshot.ts';
import type {MirrorReader} from '../mirror.ts';

/** The files of one pull request as they were saved; undefined for one that is not there or cannot be read. */
export type PullRequestFiles = {
	readonly pullRequest: unknown;
	readonly comments: unknown;
	readonly tasks: unknown;
	readonly activity: unknown;
	readonly statuses: unknown;
	readonly commits: unknown;
	/** Whether its changes were saved as a patch. */
	readonly hasPatch: boolean;
};

const parts = ['pull-request', 'comments', 'tasks', 'activity', 'statuses', 'commits'] as const;

/** @throws GitFailed */
export async function readPullRequestFiles(
	mirror: MirrorReader,
	snapshot: Snapshot,
	id: number,
): Promise<PullRequestFiles> {
	const folder = `pull-requests/${id}`;
	const files = await readFiles(
		mirror,
		parts.map(part => `${snapshot.commit}:${folder}/${part}.json`),
	);
	const [pullRequest, comments, tasks, activity, statuses, commits] = files.map(parseJson);
	return {
		pullRequest,
		comments,
		tasks,
		activity,
		statuses,
		commits,
		hasPatch: snapshot.entries.has(`${folder}/patch`),
	};
}

/** Numbers of the pull requests that a snapshot holds, the newest first. */
export function pullRequestNumbers({entries}: Snapshot): readonly number[] {
	const numbers = [...entries.keys()].flatMap(path => {
		const [, number] = /^pull-requests\/(\d{1,15})$/.exec(path) ?? [];
		return number === undefined ? [] : [Number(number)];
	});
	return numbers.sort((left, right) => right - left);
}

/** A pull request as a list shows it. Texts are as they came. */
export type ListedPullRequest = {
	readonly number: number;
	readonly state: string | null;
	readonly title: string | null;
	readonly author: string | null;
	/** ISO-8601 times. */
	readonly created: string | null;
	readonly updated: string | null;
};

const text = z.string().nullish().catch(null);
const ListedSchema = z.looseObject({
	title: text,
	state: text,
	created_on: text,
	updated_on: text,
	author: z.looseObject({display_name: text, nickname: text}).nullish().catch(null),
});

/** No object has this id. */
const absent = '0'.repeat(40);

/** Pull requests that are read at once; bounds what is held in memory. */
const atOnce = 200;

/** Every pull request of a snapshot, the newest first. @throws GitFailed */
export async function listSavedPullRequests(
	mirror: MirrorReader,
	snapshot: Snapshot,
): Promise<readonly ListedPullRequest[]> {
	const numbers = pullRequestNumbers(snapshot);
	const listed: ListedPullRequest[] = [];
	for (let start = 0; start < numbers.length; start += atOnce) {
		mirror.signal.throwIfAborted();
		const some = numbers.slice(start, start + atOnce);
		// By their ids: git would look each path up in a folder of all of them.
		const ids = some.map(number => snapshot.entries.get(`pull-requests/${number}/pull-request.json`)?.id);
		const files = await readFiles(
			mirror,
			ids.map(id => id ?? absent),
		);
		listed.push(...some.map((number, index) => describe(number, files[index])));
	}

	return listed;
}

function describe(number: number, file: Buffer | undefined): ListedPullRequest {
	const parsed = ListedSchema.safeParse(parseJson(file)).data;
	return {
		number,
		state: parsed?.state ?? null,
		title: parsed?.title ?? null,
		author: parsed?.author?.display_name ?? parsed?.author?.nickname ?? null,
		created: parsed?.created_on ?? null,
		updated: parsed?.updated_on ?? null,
	};
}

function parseJson(file: Buffer | undefined): unknown {
	try {
		return file === undefined ? undefined : JSON.parse(file.toString('utf8'));
	} catch {
		return undefined;
	}
}
