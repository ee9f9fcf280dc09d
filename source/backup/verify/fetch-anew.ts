import {GitFailed} from '../../system/git.ts';
import {fetchMirror} from '../fetch.ts';
import {fetchRequests} from '../git-requests.ts';
import type {Mirror, MirrorReader} from '../mirror.ts';
import {talkToUpstream, type Upstream} from '../upstream.ts';
import {readTypes} from './check-tips.ts';
import {installPack} from './install-pack.ts';
import {packUp} from './salvage-pack.ts';
import {makeWorkshop, type Workshop} from './workshop.ts';

export type FetchAnewOptions = {
	readonly mirror: Mirror;
	readonly upstream: Upstream;
	/** A folder that does not exist yet. */
	readonly workFolder: string;
	readonly onProgressLine?: (line: string) => void;
};

/** Everything of a repository as upstream has it now, to take from it what a mirror lacks. */
export type FetchedAnew = {
	/**
	Fetches objects that no ref of upstream leads to any more, by their ids, as far as the server still gives them.
	*/
	readonly fetchById: (ids: readonly string[]) => Promise<void>;
	/** Puts what the mirror lacks of all this into it, as one pack. @returns how many objects. */
	readonly bringOver: () => Promise<number>;
};

/**
Fetches a repository into an empty place: git sends objects only to who has none of them.

@throws RequestFailed, GitFailed when upstream could not be read.
*/
export async function fetchAnew(options: FetchAnewOptions): Promise<FetchedAnew> {
	const {mirror, upstream, workFolder, onProgressLine} = options;
	const workshop = await makeWorkshop(workFolder, mirror.signal);
	const place = {...workshop, close: () => undefined};
	await fetchMirror(place, upstream, {
		isIncremental: false,
		...(onProgressLine === undefined ? {} : {onProgressLine}),
	});
	return {
		fetchById: async ids => fetchById(workshop, upstream, ids),
		bringOver: async () => {
			const here = await listObjects(mirror);
			const there = await listObjects(workshop);
			const lacking = idsOnlyIn(there, here);
			const pack = await packUp(workshop, lacking);
			if (pack !== undefined) {
				await installPack(mirror.folder, pack);
			}

			return lacking.length;
		},
	};
}

/** How often a fetch is tried again without the object that the server says it does not have. */
const maximumRefusals = 25;

async function fetchById(workshop: Workshop, upstream: Upstream, ids: readonly string[]): Promise<void> {
	const types = await readTypes(workshop, ids);
	let wanted = ids.filter(id => types.get(id) === undefined);
	for (let refusals = 0; wanted.length > 0 && refusals < maximumRefusals; refusals += 1) {
		const refused = await tryToFetch(workshop, upstream, wanted);
		if (refused === undefined) {
			return;
		}

		wanted = wanted.filter(id => id !== refused);
	}
}

/** @returns the object that the server does not have; undefined once all are here. */
async function tryToFetch(
	workshop: Workshop,
	upstream: Upstream,
	ids: readonly string[],
): Promise<string | undefined> {
	return talkToUpstream(upstream, fetchRequests, async signIn => {
		try {
			await workshop.write(
				[
					'fetch',
					'--no-tags',
					'--no-write-fetch-head',
					'--no-auto-maintenance',
					'--no-recurse-submodules',
					'--stdin',
					'--',
					upstream.cloneUrl,
				],
				{signIn, input: ids.map(id => `${id}:refs/anew/${id}\n`).join('')},
			);
			return undefined;
		} catch (error) {
			const refusal = error instanceof GitFailed ? /not our ref ([0-9a-f]{40})/.exec(error.stderr) : null;
			if (refusal === null) {
				throw error;
			}

			return refusal[1];
		}
	});
}

const idLength = 40;
const lineLength = idLength + 1;

/** Ids of all objects of a repository, a line each, sorted. */
async function listObjects(reader: MirrorReader): Promise<Buffer> {
	return reader.read(['cat-file', '--batch-all-objects', '--batch-check=%(objectname)']);
}

/** Lines of the first sorted list that the second has not; lists are too long to be taken apart. */
export function idsOnlyIn(first: Buffer, second: Buffer): readonly string[] {
	const only: string[] = [];
	let position = 0;
	for (let start = 0; start + idLength <= first.length; start += lineLength) {
		let order = 1;
		while (position + idLength <= second.length && order > 0) {
			order = first.compare(second, position, position + idLength, start, start + idLength);
			if (order > 0) {
				position += lineLength;
			}
		}

		if (order !== 0) {
			only.push(first.toString('latin1', start, start + idLength));
		}
	}

	return only;
}
