import assert from 'node:assert/strict';
import {test} from 'node:test';
import {listCredentials} from '../../source/actions/list-credentials.ts';
import {openWorkplace} from '../../source/actions/workplace.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {temporaryFolder} from '../temporary-folder.ts';

test('credentials: the list shows the limit that the server told', async context => {
	const workplace = await openWorkplace({BUCKET_BRIGADE_HOME: await temporaryFolder(context)});
	context.after(workplace.close);
	const primaryCredential = {
		id: 'id-ci',
		label: 'ci',
		kind: 'workspace-access-token',
		addedAt: '2026-11-01T00:00:00.000Z',
	};
	await workplace.store.update(contents => ({
		...contents,
		organizations: [OrganizationSchema.parse({workspace: 'acme', primaryCredential})],
	}));
	workplace.checks.put('id-ci', {
		state: 'ok',
		checkedAt: '2026-11-22T11:00:00.000Z',
		account: {id: 'token:ci', name: 'ci'},
	});
	const limit = async () => (await listCredentials(workplace, 'acme'))[0]?.limit.requests;
	assert.equal(await limit(), 1000);
	workplace.ledger.tell('token:ci', 'api', 2500);
	assert.equal(await limit(), 2500);
});
