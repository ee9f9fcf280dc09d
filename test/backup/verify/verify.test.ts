import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeVerifiedWorkspace, type VerifiedWorkspace} from './verified-workspace.ts';

let place: VerifiedWorkspace;
before(async () => {
	place = await makeVerifiedWorkspace();
});
after(async () => {
	await place.close();
});

test('a healthy mirror is whole', async () => {
	const mirror = place.copy();
	const verified = await place.verify(mirror, {repair: false});
	assert.equal(verified.state, 'whole', JSON.stringify(verified));
	console.log(verified);
});
