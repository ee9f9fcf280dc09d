import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createCatalog} from '../../source/store/catalog.ts';
import {createCredentialChecks} from '../../source/store/credential-checks.ts';
import {openDatabase} from '../../source/system/sqlite.ts';

const entry = {
	workspace: 'acme',
	uuid: '{1}',
	slug: 'web',
	plan: 'nightly',
	lastRunAt: '2026-11-22T13:15:00.123Z',
};

test('catalog: keeps one entry for each repository of a workspace, the last one', () => {
	const catalog = createCatalog(openDatabase(':memory:'));
	const second = {...entry, uuid: '{2}', slug: 'api', status: 'backed-up', bytes: 12} as const;
	catalog.put(entry);
	catalog.put(second);
	catalog.put({...entry, workspace: 'other'});
	catalog.put({...entry, slug: 'renamed'});
	assert.deepEqual(catalog.get('acme', '{1}'), {...entry, slug: 'renamed'});
	assert.deepEqual(catalog.list('acme'), [{...entry, slug: 'renamed'}, second]);
	assert.equal(catalog.get('acme', '{3}'), undefined);
	assert.deepEqual(catalog.list('nobody'), []);
	catalog.remove('acme', '{1}');
	assert.deepEqual(catalog.list('acme'), [second]);
	assert.equal(catalog.get('other', '{1}')?.slug, 'web');
});

test('catalog: what it cannot read is as if it were not there, to be found out again', () => {
	const database = openDatabase(':memory:');
	const catalog = createCatalog(database);
	catalog.put(entry);
	const insert = database.prepare('INSERT INTO catalog (owner, key, document) VALUES (?, ?, ?)');
	insert.run('acme', '{2}', '{"slug":');
	insert.run('acme', '{3}', '{"slug": 3}');
	assert.deepEqual(catalog.list('acme'), [entry]);
	assert.equal(catalog.get('acme', '{2}'), undefined);
	catalog.put({...entry, uuid: '{2}'});
	assert.equal(catalog.get('acme', '{2}')?.slug, 'web');
});

test('catalog: keeps what the runs of each plan took, and reads entries of before that was kept', () => {
	const database = openDatabase(':memory:');
	const catalog = createCatalog(database);
	catalog.put(entry);
	assert.deepEqual(catalog.get('acme', '{1}'), entry);
	const costs = {
		nightly: {
			at: '2026-11-22T13:15:00.123Z',
			first: {api: 300, git: 4},
			changed: {api: 9},
			unchanged: {},
			turn: {webhooks: 1},
			changedShare: 0.35,
		},
		weekly: {at: '2026-11-20T13:15:00.123Z'},
	};
	const learned = {...entry, turnTakenAt: '2026-11-20T13:15:00.123Z', costs};
	catalog.put(learned);
	assert.deepEqual(catalog.get('acme', '{1}'), learned);
});

test('credential checks: the last one of each credential, with what a newer program added', () => {
	const checks = createCredentialChecks(openDatabase(':memory:'));
	const refused = {state: 'refused', checkedAt: '2026-11-22T13:15:00.000Z', status: 401} as const;
	checks.put('one', {state: 'ok', checkedAt: '2026-11-21T13:15:00.000Z'});
	checks.put('one', {...refused, hint: 'expired'});
	checks.put('two', refused);
	assert.deepEqual(checks.get('one'), {...refused, hint: 'expired'});
	checks.remove('one');
	assert.equal(checks.get('one'), undefined);
	assert.deepEqual(checks.get('two'), refused);
});
