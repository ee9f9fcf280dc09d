import type {Random} from '../random.ts';
import type {Download} from '../world.ts';
import type {Blueprint} from './blueprint.ts';
import type {People} from './people.ts';
import {day, isoTime, present} from './timeline.ts';

/** Release files of every other repository that has some history; one is empty, one has a name that addresses must encode. */
export function generateDownloads(
	random: Random,
	{slug, ordinal, commits}: Blueprint,
	people: People,
): Download[] {
	if (commits < 20 || ordinal % 2 === 1) {
		return [];
	}

	const drafts: ReadonlyArray<readonly [string, Uint8Array]> = [
		[`${slug}-1.0.0.tar.gz`, random.bytes(random.integer(4_000, 60_000))],
		[
			`Release notes 1.0 (größer & besser) 🎁.txt`,
			Buffer.from(`What is new in ${slug}\n${'='.repeat(20)}\n`),
		],
		['EMPTY', Buffer.alloc(0)],
	];
	return drafts.map(([name, content]) => ({
		name,
		size: content.length,
		user: random.pick(people.developers).uuid,
		createdOn: isoTime(present - random.integer(20, 200) * day),
		downloads: random.integer(0, 400),
		content,
	}));
}
