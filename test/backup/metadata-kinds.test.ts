import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {
	addressOf,
	fillIn,
	isDue,
	type MetadataKind,
	type Sign,
	signsThat,
} from '../../source/backup/metadata/metadata-kind.ts';
import {kindsOf, metadataKinds} from '../../source/backup/metadata/metadata-kinds.ts';
import {resourceOf} from '../../source/bitbucket/resource-of.ts';
import {createRouteTable} from '../../source/sandbox/rest/route-table.ts';
import {routes} from '../../source/sandbox/rest/routes.ts';
import {readDescription, withoutNames} from '../sandbox/openapi-description.ts';

const kinds: ReadonlyArray<readonly [string, MetadataKind]> = Object.entries(metadataKinds);
const names = {
	workspace: 'acme',
	repository: 'web',
	key: 'WEB',
	id: '7',
	uuid: '{u}',
	step: '{s}',
	snippet: 'abc',
	number: '3',
	index: '1',
};

describe('every kind of metadata', () => {
	const find = createRouteTable(routes);
	for (const [name, kind] of kinds) {
		test(`${name} counts against its resource, takes its scope, and has a file of its own`, () => {
			const address = addressOf(kind, names);
			assert.equal(resourceOf(address), kind.resource);
			const path = address.replace(/\?.*/, '');
			const route = find(decodeURIComponent(path))?.route;
			assert.equal(withoutNames(route?.path ?? ''), withoutNames(kind.endpoint));
			assert.deepEqual(route?.scopes.api, [kind.scope]);
			assert.equal(route?.resource ?? 'api', kind.resource);
			assert.equal(route?.notForTokens === true, kind.only === 'users');
			assert.match(fillIn(kind.file, names), /^[a-z0-9./-]+$/i);
			const files = kinds.filter(([, {of, file}]) => of === kind.of && file === kind.file);
			assert.equal(files.length, 1);
		});
	}

	test('that is read for each element of another comes after it, in the same group', () => {
		for (const [name, {each, of, data}] of kinds) {
			if (each !== undefined) {
				const group = [...kindsOf(of, data).keys()];
				assert.ok(group.includes(each) && group.indexOf(each) < group.indexOf(name));
			}
		}
	});

	const description = process.env['BITBUCKET_OPENAPI'];
	const skip =
		description === undefined &&
		'BITBUCKET_OPENAPI does not name a file with the OpenAPI description of Bitbucket Cloud REST 2.0';
	test('is described by Atlassian, with the same scope', {skip}, () => {
		const {operations} = readDescription(description ?? '');
		for (const [name, {endpoint, scope}] of kinds) {
			const operation = operations.get(withoutNames(endpoint));
			assert.ok(operation, `${name}: ${endpoint}`);
			assert.deepEqual(operation.scopes.api, [scope], name);
		}
	});
});

for (const {again, present, isLacking = false, due} of [
	{again: ['turn'], present: {turn: true}, due: true},
	{again: ['turn'], present: {turn: false, refs: true}, due: false},
	{again: ['turn', 'refs'], present: {refs: true}, due: true},
	{again: ['run'], present: {run: true}, due: true},
	{again: ['parent', 'turn'], present: {parent: true}, due: true},
	{again: ['parent', 'turn'], present: {}, due: false},
	{again: [], present: {run: true, turn: true, 'full-pass': true}, due: false},
	{again: [], present: {}, isLacking: true, due: true},
] satisfies Array<{
	again: Sign[];
	present: Partial<Record<Sign, boolean>>;
	isLacking?: boolean;
	due: boolean;
}>) {
	const seen = Object.entries(present).filter(([, is]) => is);
	test(`what is read again by ${again.join(', ') || 'no sign'} is ${due ? '' : 'not '}due with ${seen.map(([sign]) => sign).join(', ') || 'none'}${isLacking ? ', as it is lacking' : ''}`, () => {
		assert.equal(isDue({again}, signsThat(present), isLacking), due);
	});
}

test('names are filled in, encoded in addresses and as they are in files; none may be missing', () => {
	const kind = metadataKinds['deployment-variables'];
	assert.equal(
		addressOf(kind, {...names, repository: 'a/b'}),
		'/repositories/acme/a%2Fb/deployments_config/environments/%7Bu%7D/variables',
	);
	assert.equal(
		addressOf(metadataKinds.members, names),
		'/workspaces/acme/members?fields=-values.last_accessed',
	);
	assert.match(addressOf(kind, {...names, uuid: '\ud800'}), /environments\/%EF%BF%BD\/variables$/);
	assert.equal(fillIn('a/{uuid}.json', names), 'a/{u}.json');
	assert.throws(() => fillIn('a/{nothing}', names), /nothing/);
});
