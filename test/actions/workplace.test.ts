import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {openWorkplace} from '../../source/actions/workplace.ts';
import {temporaryFolder} from '../temporary-folder.ts';

test('workplace: a state database that is damaged is begun anew, and that is said', async context => {
	const folder = await temporaryFolder(context);
	const environment = {BUCKET_BRIGADE_HOME: folder};
	const first = await openWorkplace(environment);
	assert.deepEqual(first.store.notices(), []);
	first.close();
	await writeFile(
		join(folder, 'state.db'),
		'this is no database, and longer than the header of one would be'.repeat(20),
	);
	const second = await openWorkplace(environment);
	context.after(second.close);
	assert.equal(second.store.notices().length, 1);
	assert.match(second.store.notices()[0] ?? '', /state\.db/);
	assert.deepEqual(second.catalog.list('acme'), []);
	const limit = {requests: 1000, windowMilliseconds: 3_600_000};
	const candidates = [{account: 'user {1}', limit, usable: 950}];
	const charged = second.ledger.charge({resource: 'api', candidates, requests: 1, owner: 'a pool'});
	assert.equal(charged.kind, 'exhausted', 'it is not known what was sent within the last hour');
});
