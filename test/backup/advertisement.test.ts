import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseFirstAdvertisement, parseLsRefs} from '../../source/backup/advertisement.ts';
import {flush, packetLine} from '../../source/backup/packet-lines.ts';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);
const bytes = (...lines: readonly string[]): Buffer => Buffer.from(lines.join(''));

const newWay = [
	packetLine(`${a} HEAD symref-target:refs/heads/main\n`),
	packetLine(`${a} refs/heads/main\n`),
	packetLine(`${b} refs/tags/v1 peeled:${a}\n`),
	flush,
];
const oldWay = [
	packetLine('# service=git-upload-pack\n'),
	flush,
	packetLine(`${a} HEAD\0multi_ack symref=HEAD:refs/heads/main agent=git/2.39\n`),
	packetLine(`${a} refs/heads/main\n`),
	packetLine(`${b} refs/tags/v1\n`),
	packetLine(`${a} refs/tags/v1^{}\n`),
	flush,
];
const expected = {
	head: 'refs/heads/main',
	refs: new Map([
		['refs/heads/main', a],
		['refs/tags/v1', b],
	]),
};

test('refs in version 2 and in version 0', () => {
	assert.deepEqual(parseLsRefs(bytes(...newWay)), expected);
	assert.deepEqual(parseFirstAdvertisement(bytes(...oldWay)), expected);
});

test('a HEAD that points to no branch is the object that it stands at', () => {
	assert.equal(parseLsRefs(bytes(packetLine(`${b} HEAD\n`), flush))?.head, b);
});

test('a repository without refs', () => {
	assert.deepEqual(parseLsRefs(bytes(flush)), {head: undefined, refs: new Map()});
	const noCommit = packetLine(`${'0'.repeat(40)} capabilities^{}\0agent=git/2.39\n`);
	const empty = bytes(packetLine('# service=git-upload-pack\n'), flush, noCommit, flush);
	assert.deepEqual(parseFirstAdvertisement(empty), {head: undefined, refs: new Map()});
});

test('what is cut anywhere, or is something else, is never taken for a repository', () => {
	for (const [whole, parse] of [
		[bytes(...newWay), parseLsRefs],
		[bytes(...oldWay), parseFirstAdvertisement],
	] as const) {
		for (let length = 0; length < whole.length; length += 1) {
			assert.equal(parse(whole.subarray(0, length)), undefined);
		}
	}

	for (const text of [
		'',
		'<html>Down for maintenance</html>',
		packetLine('ERR access denied\n') + flush,
		'00',
	]) {
		assert.equal(parseLsRefs(Buffer.from(text)), undefined);
		assert.equal(parseFirstAdvertisement(Buffer.from(text)), undefined);
	}
});
