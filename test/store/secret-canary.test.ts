import assert from 'node:assert/strict';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {CredentialSchema} from '../../source/model/credential.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {createCredentialChecks} from '../../source/store/credential-checks.ts';
import {openStateDatabase} from '../../source/store/state-database.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {openStoreIn} from './store-users.ts';
import {homeIn, openVaultIn, secret} from './vault-users.ts';

test('secret canary: no file of a home in use holds the secret in clear, in base64 or URL-encoded', async context => {
	const folder = await temporaryFolder(context);
	const credential = CredentialSchema.parse({
		id: 'one',
		label: 'primary',
		kind: 'api-token',
		username: 'bot@acme.example',
		addedAt: '2026-11-22T13:15:00Z',
	});
	const vault = await openVaultIn(folder);
	await vault.set(credential.id, secret);
	await vault.set('two', secret);
	await vault.remove('two');
	const store = await openStoreIn(folder);
	for (let n = 0; n < 3; n += 1) {
		await store.update(contents => ({
			...contents,
			organizations: [OrganizationSchema.parse({workspace: 'acme', primaryCredential: credential})],
		}));
	}

	const database = openStateDatabase(homeIn(folder).state);
	context.after(() => database.close());
	createCredentialChecks(database).put('one', {state: 'ok', checkedAt: '2026-11-22T13:15:00Z'});

	const forms = [
		secret,
		encodeURIComponent(secret),
		Buffer.from(secret).toString('base64'),
		Buffer.from(`bot@acme.example:${secret}`).toString('base64'),
	];
	const files = (await readdir(folder, {recursive: true, withFileTypes: true})).filter(file => file.isFile());
	const names = files.map(file => file.name);
	for (const name of [
		'store.json',
		'store.json.1',
		'vault.age',
		'identity.txt',
		'state.db',
		'state.db-wal',
	]) {
		assert.ok(names.includes(name), name);
	}

	for (const file of files) {
		const path = join(file.parentPath, file.name);
		const contents = await readFile(path, 'latin1');
		assert.ok(
			forms.every(form => !contents.includes(form)),
			path,
		);
	}

	assert.equal(await vault.get('one'), secret);
});
