import assert from 'node:assert/strict';
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {PassThrough} from 'node:stream';
import {test} from 'node:test';
import {collectErrors} from '../../source/system/git-streams.ts';
import type {GitWatch} from '../../source/system/git-watch.ts';

const watch: GitWatch = {
	moved: () => undefined,
	isStalled: () => false,
	kill: () => undefined,
	end: () => undefined,
};

test('git streams: where a long standard error is cut, no half of a secret is left', async () => {
	const secret = 'ATATT3x-first-half-and-second-half';
	const stderr = new PassThrough();
	const errors = collectErrors({stderr} as unknown as ChildProcess, watch, {
		redact: text => text.replaceAll(secret, '[secret]'),
	});
	// The cut would be inside the secret: 64 KiB are kept, of which it has 11 characters.
	stderr.end(`${'x'.repeat(70_000)}${secret}${'z'.repeat(65_536 - 11)}`);
	await once(stderr, 'end');
	assert.match(errors.text(), /^x*\[secret\]z+$/);
	assert.doesNotMatch(errors.text(), /half/);
});
