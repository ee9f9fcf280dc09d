import assert from 'node:assert/strict';
import {chmod} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';
import {addOrganization} from '../../source/actions/organizations.ts';
import {listSettings} from '../../source/actions/settings.ts';
import {tokenAdvice} from '../../source/actions/token-advice.ts';
import {openWorkplace} from '../../source/actions/workplace.ts';
import {credentialKinds} from '../../source/model/credential-kind.ts';
import {temporaryFolder} from '../temporary-folder.ts';

const secret = 'ATATT3xCanarySecret';

test('settings: where things lie, and how it stands with the vault: none, open, closed; never a secret', async context => {
	const home = join(await temporaryFolder(context), 'home');
	const workplace = await openWorkplace({BUCKET_BRIGADE_HOME: home});
	context.after(() => workplace.close());
	const none = await listSettings(workplace);
	assert.ok(none.some(({name, value}) => name === 'Your own keys' && value === join(home, 'keys.json')));
	assert.match(textOf(none), /State: there is none yet/);
	assert.match(textOf(none), /will come from: the home's own .*identity\.txt/);

	await addOrganization(workplace, {
		workspace: 'acme',
		kind: 'api-token',
		username: 'backup@acme.example',
		secret,
		check: false,
	});
	const open = await listSettings(workplace);
	assert.match(textOf(open), /State: open, with the secrets of 1 credential$/m);
	assert.match(textOf(open), /Its key comes from: .*identity\.txt/);
	assert.doesNotMatch(textOf(open), /Canary|AGE-SECRET/);

	// Another process, which may not open it: the sentence of the vault says why.
	await chmod(join(home, 'keys', 'identity.txt'), 0o644);
	const closed = await openWorkplace({BUCKET_BRIGADE_HOME: home});
	context.after(() => closed.close());
	const facts = await listSettings(closed);
	const state = facts.find(({name}) => name === 'State');
	assert.match(state?.value ?? '', /^closed: .*can be read or changed by other users/);
	assert.equal(state?.isProblem, true);
});

for (const [environment, source] of [
	[{BUCKET_BRIGADE_PASSWORD_COMMAND: 'pass show x'}, /the command in BUCKET_BRIGADE_PASSWORD_COMMAND/],
	[{CREDENTIALS_DIRECTORY: '/run/credentials'}, /systemd's credential/],
	[{BUCKET_BRIGADE_KEY_FILE: '/root/key'}, /BUCKET_BRIGADE_KEY_FILE: \/root\/key/],
] as const) {
	test(`settings: the vault's key will come from ${source}, and is not made to say so`, async context => {
		const home = join(await temporaryFolder(context), 'home');
		const workplace = await openWorkplace({BUCKET_BRIGADE_HOME: home, ...environment});
		context.after(() => workplace.close());
		assert.match(textOf(await listSettings(workplace)), source);
		// What the command says is not shown: it may be half a secret.
		assert.doesNotMatch(textOf(await listSettings(workplace)), /pass show/);
	});
}

test('token advice: every kind of credential says where it is made and what each tick opens', () => {
	for (const kind of credentialKinds) {
		const {where, ticks} = tokenAdvice(kind);
		assert.ok(where.length > 10);
		assert.ok(ticks.length >= 4 && ticks.every(({tick, opens}) => tick !== '' && opens !== ''));
	}

	assert.ok(tokenAdvice('api-token').ticks.some(({tick}) => tick === 'admin:repository:bitbucket'));
	assert.match(tokenAdvice('workspace-access-token').limits ?? '', /members/);
});

function textOf(facts: Awaited<ReturnType<typeof listSettings>>): string {
	return facts.map(({name, value}) => `${name}: ${value}`).join('\n');
}
