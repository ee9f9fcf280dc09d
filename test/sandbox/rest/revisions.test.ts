import assert from 'node:assert/strict';
import {test} from 'node:test';
import {commitOf, rangeOf} from '../../../source/sandbox/rest/revisions.ts';
import type {Commit, Ref} from '../../../source/sandbox/world.ts';

const hashes = {first: 'a'.repeat(40), second: `b1${'0'.repeat(38)}`, like: `b1${'0'.repeat(37)}1`};
const signature = {raw: 'X <x@x.example>'};
const date = '2026-01-01T00:00:00.000Z';

function commit(hash: string, parents: string[] = []): [string, Commit] {
	return [
		hash,
		{hash, author: signature, committer: signature, date, committerDate: date, message: '', parents},
	];
}

const refs: Ref[] = [
	{kind: 'branch', name: 'main', hash: hashes.second},
	{kind: 'tag', name: 'v1', hash: hashes.first},
];
const known = {
	refs,
	commits: new Map([commit(hashes.first), commit(hashes.second, [hashes.first]), commit(hashes.like)]),
};

test('finds commits by branch, tag and hash, also a short one', () => {
	for (const revision of ['main', hashes.second]) {
		assert.equal(commitOf(known, revision).hash, hashes.second);
	}

	for (const revision of ['v1', 'aaaaaaa', 'a'.repeat(12)]) {
		assert.equal(commitOf(known, revision).hash, hashes.first);
	}
});

test('finds nothing for what is unknown, too short, or stands for two', () => {
	for (const revision of ['nope', 'aaaaaa', 'b100000', 'c'.repeat(40), '--all']) {
		assert.throws(() => commitOf(known, revision), /Commit not found/);
	}
});

test('understands what a diff or patch is asked for', () => {
	const {first, second} = hashes;
	assert.deepEqual(rangeOf(known, second), {from: first, to: second});
	assert.deepEqual(rangeOf(known, first), {from: undefined, to: first});
	assert.deepEqual(rangeOf(known, `${second}..${first}`), {from: first, to: second});
	assert.deepEqual(rangeOf(known, `acme/x:${second}\raaaaaaaaaaaa`), {from: first, to: second});
});
