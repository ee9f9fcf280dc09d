import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type ExpiringCredential, expiringOf} from '../../source/actions/expiring-credentials.ts';
import {expiryNotice} from '../../source/app/components/expiry-notice.tsx';
import {credentialRow, credentialTones} from '../../source/app/screens/credentials/credential-texts.ts';
import {asciiSigns, unicodeSigns} from '../../source/app/theme.ts';
import {expiryOf} from '../../source/model/expiry.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {createFakeServices, credentials, now} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

function expiring(label: string, expiresAt: string): ExpiringCredential {
	const expiry = expiryOf(expiresAt, now);
	assert.ok(expiry);
	return {workspace: 'acme', label, expiresAt, expiry};
}

const [primary] = credentials;
assert.ok(primary);

for (const [expiresAt, text, tone] of [
	['2026-11-20', '✗ expired', 'bad'],
	['2026-11-22', '✗ expired', 'bad'],
	['2026-11-23', '✗ tomorrow', 'bad'],
	['2026-11-29', '✗ in 7 days', 'bad'],
	['2026-11-30', '! in 8 days', 'attention'],
	['2026-12-22', '! in 30 days', 'attention'],
	['2026-12-23', 'in 31 days', 'plain'],
] as const) {
	test(`credentials: one that ends on ${expiresAt} is shown as "${text}"`, () => {
		const credential = {...primary, expiresAt};
		assert.equal(credentialRow(credential, unicodeSigns, now).Expires, text);
		assert.equal(credentialTones(credential, unicodeSigns, now).Expires, tone);
	});
}

for (const [given, tone, text] of [
	[[], undefined, undefined],
	[
		[expiring('bot-1', '2026-11-20')],
		'bad',
		'x "bot-1" of acme expired on 2026-11-20: make a new token and enter it',
	],
	[
		[expiring('bot-1', '2026-11-27'), expiring('bot-2', '2026-12-20')],
		'bad',
		'x "bot-1" of acme expires in 5 days, on 2026-11-27: make a new token in time (and 1 more credential)',
	],
	[
		[expiring('bot-2', '2026-12-20')],
		'attention',
		'! "bot-2" of acme expires in 28 days, on 2026-12-20: make a new token in time',
	],
] as const) {
	test(`notice: ${text ?? 'nothing, where nothing ends'}`, () => {
		assert.deepEqual(expiryNotice(given, asciiSigns), text === undefined ? undefined : {tone, text});
	});
}

test('expiring credentials: of all organizations, the most urgent one first', () => {
	const credential = (label: string, expiresAt?: string) => ({
		id: label,
		label,
		kind: 'api-token',
		username: 'bot@acme.example',
		addedAt: '2026-01-01T00:00:00Z',
		...(expiresAt === undefined ? {} : {expiresAt}),
	});
	const organization = (workspace: string, ...labels: ReadonlyArray<ReturnType<typeof credential>>) =>
		OrganizationSchema.parse({
			workspace,
			primaryCredential: labels[0],
			additionalCredentials: labels.slice(1),
		});
	const found = expiringOf(
		[
			organization('acme', credential('far', '2027-11-22'), credential('soon', '2026-12-20')),
			organization('globex', credential('never'), credential('over', '2026-11-01')),
		],
		now,
	);
	assert.deepEqual(
		found.map(({workspace, label, expiry}) => [workspace, label, expiry.state]),
		[
			['globex', 'over', 'expired'],
			['acme', 'soon', 'soon'],
		],
	);
});

test('DevOps and Plans say that a credential ends soon, in 80 columns and in 40', async context => {
	const services = createFakeServices({expiring: async () => [expiring('bot-1', '2026-11-27')]});
	const app = openApp(context, services, {columns: 80, rows: 24});
	await app.waitFor('web-frontend');
	await app.waitFor('✗ "bot-1" of acme expires in 5 days, on 2026-11-27: make a new token in time');
	app.type('2');
	await app.waitFor('nightly');
	await app.waitFor('"bot-1" of acme expires in 5 days');
	app.resize(40, 12);
	await app.waitFor('"bot-1" of acme expires in 5 days');
	app.type('1');
	await app.waitFor('web-frontend');
	await app.waitFor('"bot-1" of acme expires in 5 days');
});

test('Additional credentials: the end of one stands in the table also at 80 columns, and below it with what to do', async context => {
	const app = openApp(context, createFakeServices(), {
		columns: 80,
		rows: 24,
		startAt: {screen: 'credentials', workspace: 'acme', repository: 'repository-0'},
	});
	await app.waitFor('! in 12 days');
	assert.match(app.text(), /Label.*State.*Expires/);
	app.type(keys.down);
	await app.waitFor('the credential "bot-1" expires in 12 days, on 2026-12-04');
});
