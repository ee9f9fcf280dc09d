import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {connector} from './connection.ts';
import {type Ended, openTestHome, type TestHome} from './program-process.ts';

let box: Sandbox;
let home: TestHome;
let connect: ReturnType<typeof connector>;

before(async () => {
	box = await startSandbox({repositories: 2, pullRequests: 1});
	home = await openTestHome();
	connect = connector(home, box);
});

after(async () => {
	await home.close();
	await box.close();
});

/** One sentence or a few on standard error, nothing on standard output, and no trace of a stack. */
function assertRefused(ended: Ended, code: number, pattern: RegExp): void {
	assert.equal(ended.code, code, ended.stderr);
	assert.match(ended.stderr, pattern);
	assert.equal(ended.stdout, '');
	assert.equal(ended.stderr.trimEnd().split('\n').length, 1, ended.stderr);
	assert.doesNotMatch(ended.stderr, /\n\s+at /);
}

test('a token in the wrong place is refused, not kept, and not said again', async () => {
	const token = `ATATT3xFfGF0${'aB3_-'.repeat(30)}=1A2B3C4D`;
	const add = ['organization', 'add', 'acme', '--kind', 'workspace-access-token', '--secret-file', '-'];
	const wrong: ReadonlyArray<readonly [readonly string[], RegExp]> = [
		[[...add, '--no-check', '--label', token], /The label is a token/],
		[
			[...add, '--no-check', '--git-url', `https://x:${token}@bitbucket.org`],
			/is not valid|A token stands in/,
		],
		[[token], /unknown command '\[secret\]'/],
		[['plan', 'add', 'nightly', '--organization', token], /\[secret\]/],
	];
	for (const [commandLine, pattern] of wrong) {
		const ended = await home.run(commandLine, {input: 'another secret'});
		assert.match(ended.stderr, pattern);
		assert.ok(ended.code === 1 || ended.code === 2);
		assert.ok(!ended.stderr.includes(token.slice(0, 16)), ended.stderr);
	}

	assert.ok(
		!(await readFile(join(home.home, 'store.json'), 'utf8').catch(() => '')).includes(token.slice(0, 16)),
	);
});

test('wrong usage is refused in one sentence', async () => {
	const wrong: ReadonlyArray<readonly [readonly string[], RegExp]> = [
		[['--nonsense'], /unknown option '--nonsense'/],
		[['bake'], /unknown command 'bake'/],
		[['organization', 'add', 'acme', '--kind', 'token', '--secret-file', '-'], /Expected one of api-token/],
		[
			['organization', 'add', 'acme', '--kind', 'app-password', '--secret-file', '-'],
			/App passwords stopped working/,
		],
		[['organization', 'add', 'acme', '--kind', 'api-token'], /--secret-file/],
		[['organization', 'add', 'acme', '--kind', 'api-token', '--secret-file', '-'], /needs a username/],
		[
			['organization', 'add', 'not a slug', '--kind', 'workspace-access-token', '--secret-file', '-'],
			/workspace slug/,
		],
		[
			['organization', 'add', 'acme', '--kind', 'workspace-access-token', '--secret-file', '/nowhere'],
			/\/nowhere cannot be read \(ENOENT\)/,
		],
		[
			[
				'organization',
				'add',
				'acme',
				'--kind',
				'workspace-access-token',
				'--secret-file',
				'-',
				'--api-url',
				'http://example.org/2.0',
			],
			/https/,
		],
		[
			[
				'organization',
				'add',
				'acme',
				'--kind',
				'workspace-access-token',
				'--secret-file',
				'-',
				'--api-limit',
				'0/1h',
			],
			/1000\/1h/,
		],
		[['credential', 'list', 'acme'], /no organization called "acme"/],
		[['plan', 'show', 'nightly'], /no plan called "nightly"/],
		[['run', 'nightly'], /no plan called "nightly"/],
		[['watch', 'nightly'], /Nothing was run yet/],
	];
	for (const [commandLine, pattern] of wrong) {
		assertRefused(await home.run(commandLine, {input: 'a-secret-of-some-length\n'}), 2, pattern);
	}
});

test('a secret that is empty is refused', async () => {
	const commandLine = [
		'organization',
		'add',
		'acme',
		'--kind',
		'workspace-access-token',
		'--secret-file',
		'-',
	];
	assertRefused(await home.run(commandLine, {input: '\n'}), 2, /secret is empty/);
});

test('a workspace that does not exist is refused', async () => {
	const ended = await home.run([
		'organization',
		'add',
		'no-such-workspace',
		...(await connect.signIn('primary')),
		...connect.addresses,
	]);
	assertRefused(ended, 1, /workspace "no-such-workspace" does not exist.*Bitbucket said 404/);
});

test('a wrong secret is refused with the name of its credential and what Bitbucket said', async () => {
	const {username = ''} = connect.credential('primary');
	const ended = await home.run(
		[
			...['organization', 'add', box.workspace, '--kind', 'api-token', '--username', username],
			...['--secret-file', '-', ...connect.addresses],
		],
		{input: 'ATATT3xWrongSecretOfNobody'},
	);
	assertRefused(ended, 1, /refused the credential "primary" \(401\): \S+/);
	assert.doesNotMatch(ended.stderr, /ATATT3xWrong/);
	assert.equal((await home.run(['organization', 'list', '--json'])).stdout, '[]\n');
});

test('a Bitbucket that is not there is told, not waited for', async () => {
	const ended = await home.run([
		...['organization', 'add', box.workspace, ...(await connect.signIn('primary'))],
		...['--api-url', 'http://127.0.0.1:9/2.0', '--git-url', 'http://127.0.0.1:9'],
	]);
	assertRefused(ended, 1, /could not be asked about "primary" at http:\/\/127\.0\.0\.1:9/);
});

test('a workspace is connected, and once only', async () => {
	const added = await connect.addOrganization(['--api-limit', '1000/1h', '--reserve', '0']);
	assert.equal(added.code, 0, added.stderr);
	assert.match(added.stdout, /Connected the workspace acme\./);
	assert.match(added.stdout, /signs in as Backup Primary/);
	assertRefused(await connect.addOrganization(), 1, /connected already/);

	const listed = await home.run(['organization', 'list', '--json']);
	assert.deepEqual(JSON.parse(listed.stdout), [
		{
			workspace: 'acme',
			apiUrl: box.apiUrl,
			gitUrl: box.gitUrl,
			apiLimit: '1000/1h',
			reservePercent: 0,
			primaryCredential: 'primary',
			additionalCredentials: [],
			plans: [],
		},
	]);
});

test('additional credentials are added; a second token of one user is said to add no quota', async () => {
	for (const label of ['bot-1', 'ci-token']) {
		const added = await connect.addCredential(label);
		assert.equal(added.code, 0, added.stderr);
		assert.doesNotMatch(added.stdout, /same account/);
	}

	const second = await connect.addCredential('bot-1-second');
	assert.equal(second.code, 0, second.stderr);
	assert.match(second.stdout, /same account as bot-1: it adds no quota/);

	assertRefused(await connect.addCredential('bot-1'), 1, /called "bot-1" already/);
	assertRefused(await connect.addCredential('revoked'), 1, /refused the credential "revoked" \(401\)/);
	assertRefused(
		await home.run([
			...['credential', 'add', 'acme', '--label', 'all', '--kind', 'workspace-access-token'],
			...['--secret-file', await home.secretFile('any', 'any-secret')],
		]),
		2,
		/"all" cannot be a label/,
	);
});

test('credentials are listed with whom they sign in as', async () => {
	const listed = await home.run(['credential', 'list', 'acme', '--json']);
	type Listed = {
		label: string;
		state: string;
		isPrimary: boolean;
		account?: {name: string};
		sameAccountAs?: string;
	};
	const credentials = JSON.parse(listed.stdout) as Listed[];
	assert.deepEqual(
		credentials.map(({label, isPrimary, sameAccountAs}) => ({label, isPrimary, sameAccountAs})),
		[
			{label: 'primary', isPrimary: true, sameAccountAs: undefined},
			{label: 'bot-1', isPrimary: false, sameAccountAs: undefined},
			{label: 'ci-token', isPrimary: false, sameAccountAs: undefined},
			{label: 'bot-1-second', isPrimary: false, sameAccountAs: 'bot-1'},
		],
	);
	assert.equal(credentials[1]?.account?.name, 'Backup Bot 1');
	const table = await home.run(['credential', 'list', 'acme']);
	assert.match(table.stdout, /^bot-1-second .*same account as bot-1: it adds no quota$/m);
});

test('what a check finds decides its exit code', async () => {
	assert.equal((await home.run(['credential', 'check', 'acme', 'primary'])).code, 0);

	const limited = await connect.addCredential('limited');
	assert.equal(limited.code, 0, limited.stderr);
	assert.match(limited.stdout, /missing admin:repository:bitbucket: no branch restrictions/);
	assert.equal((await home.run(['credential', 'check', 'acme', 'limited'])).code, 3);

	assert.equal((await connect.addCredential('revoked', ['--no-check'])).code, 0);
	const checked = await home.run(['credential', 'check', 'acme', '--json']);
	assert.equal(checked.code, 1);
	const states = (JSON.parse(checked.stdout) as Array<{label: string; state: string}>).map(
		({label, state}) => [label, state] as const,
	);
	assert.equal(Object.fromEntries(states)['revoked'], 'refused');
	assert.equal(Object.fromEntries(states)['primary'], 'ok');
});

test('a plan is made, shown, changed', async () => {
	const added = await home.run([
		...['plan', 'add', 'nightly', '--organization', 'acme', '--additional-credentials', 'all'],
		...['--include', 'web-*', '--include', 'api-*', '--exclude', '*-old', '--schedule', '0 2 * * *'],
		...['--keep', 'last=7,within=30d', '--data', 'git,lfs', '--destination', join(home.folder, 'backups')],
	]);
	assert.equal(added.code, 0, added.stderr);
	assert.match(
		added.stdout,
		/^It is due next \d{4}-\d\d-\d\d 02:00.*, and is started by: bucket-brigade scheduler$/m,
	);
	const shown = JSON.parse((await home.run(['plan', 'show', 'nightly', '--json'])).stdout);
	const due = new Date(shown.nextRunAt);
	assert.deepEqual([due.getHours(), due.getMinutes()], [2, 0]);
	assert.ok(due.getTime() > Date.now());
	assert.deepEqual(shown, {
		name: 'nightly',
		organization: 'acme',
		include: ['web-*', 'api-*'],
		exclude: ['*-old'],
		data: ['git', 'lfs'],
		destination: join(home.folder, 'backups'),
		schedule: '0 2 * * *',
		nextRunAt: shown.nextRunAt,
		keep: {last: 7, within: '30d'},
		additionalCredentials: ['bot-1', 'ci-token', 'bot-1-second', 'limited', 'revoked'],
		credentials: ['primary', 'bot-1', 'ci-token', 'bot-1-second', 'limited', 'revoked'],
		accounts: 4,
		reservePercent: null,
		repositoriesAtOnce: 8,
		requestsPerSecond: 10,
		cycles: {settings: '7d', fullPass: '28d', verify: '30d'},
		lastRun: null,
	});

	const edited = await home.run([
		...['plan', 'edit', 'nightly', '--include', '', '--schedule', '', '--reserve', '2.5'],
		...[
			'--additional-credentials',
			'bot-1,ci-token',
			'--json',
			'--verify-every',
			'never',
			'--settings-every',
			'12h',
		],
	]);
	assert.equal(edited.code, 0, edited.stderr);
	assert.deepEqual(JSON.parse(edited.stdout), {
		...shown,
		include: [],
		schedule: null,
		nextRunAt: null,
		additionalCredentials: ['bot-1', 'ci-token'],
		credentials: ['primary', 'bot-1', 'ci-token'],
		accounts: 3,
		reservePercent: 2.5,
		cycles: {settings: '12h', fullPass: '28d', verify: 'never'},
	});
});

test('what is wrong with a plan is said in one sentence', async () => {
	const add = ['plan', 'add', 'weekly', '--organization'];
	const wrong: ReadonlyArray<readonly [readonly string[], number, RegExp]> = [
		[[...add, 'acmee'], 2, /no organization called "acmee"\. Known: acme\./],
		[[...add, 'acme', '--additional-credentials', 'bot-9'], 2, /"bot-9"\. Known: bot-1, ci-token/],
		[[...add, 'acme', '--keep', 'last=many'], 2, /"last=many" is no rule/],
		[[...add, 'acme', '--schedule', 'at noon'], 2, /"at noon" is no schedule/],
		[[...add, 'acme', '--data', 'wiki'], 2, /"wiki" is none of/],
		[[...add, 'acme', '--verify-every', 'often'], 2, /a duration of at least an hour/],
		[[...add, 'acme', '--full-pass-every', 'never'], 2, /a duration of at least an hour/],
		[['plan', 'add', 'a/b', '--organization', 'acme'], 2, /up to 60 letters/],
		[['plan', 'add', 'Nightly', '--organization', 'acme'], 1, /a plan called "nightly" already/],
		[['plan', 'edit', 'weekly', '--keep', ''], 2, /no plan called "weekly"\. Known: nightly\./],
		[['organization', 'remove', 'acme'], 1, /used by the plan nightly/],
		[['credential', 'remove', 'acme', 'primary'], 1, /primary credential/],
		[['credential', 'remove', 'acme', 'bot-9'], 2, /Known: primary, bot-1/],
	];
	for (const [commandLine, code, pattern] of wrong) {
		assertRefused(await home.run(commandLine), code, pattern);
	}
});

test('a secret is replaced, and a wrong one is not taken', async () => {
	const other = await home.secretFile('other', connect.credential('bot-1-second').secret);
	const edited = await home.run([
		'credential',
		'edit',
		'acme',
		'bot-1',
		'--secret-file',
		other,
		'--label',
		'bot-one',
	]);
	assert.equal(edited.code, 0, edited.stderr);
	const wrong = await home.secretFile('wrong', 'ATATT3xWrongSecretOfNobody');
	assertRefused(
		await home.run(['credential', 'edit', 'acme', 'bot-one', '--secret-file', wrong]),
		1,
		/refused the credential "bot-one" \(401\)/,
	);
	assert.equal((await home.run(['credential', 'check', 'acme', 'bot-one'])).code, 0);
});

test('a removed credential is removed from the plans that used it, which is said', async () => {
	const removed = await home.run(['credential', 'remove', 'acme', 'bot-one']);
	assert.equal(removed.code, 0, removed.stderr);
	assert.match(removed.stdout, /plans used it.*nightly/);
	const {additionalCredentials} = JSON.parse((await home.run(['plan', 'show', 'nightly', '--json'])).stdout);
	assert.deepEqual(additionalCredentials, ['ci-token']);
});

test('a damaged store is replaced by an older generation, which is said', async () => {
	const path = join(home.home, 'store.json');
	const {writeFile} = await import('node:fs/promises');
	await writeFile(path, (await readFile(path, 'utf8')).slice(0, 40));
	const listed = await home.run(['organization', 'list', '--json']);
	assert.equal(listed.code, 0);
	assert.match(listed.stderr, /damaged/);
	assert.equal((JSON.parse(listed.stdout) as unknown[]).length, 1);
});

test('what is not needed any more is removed', async () => {
	assert.equal((await home.run(['plan', 'remove', 'nightly'])).code, 0);
	assert.equal((await home.run(['organization', 'remove', 'acme'])).code, 0);
	assert.equal((await home.run(['organization', 'list', '--json'])).stdout, '[]\n');
	assert.equal((await home.run(['plan', 'list', '--json'])).stdout, '[]\n');
});
