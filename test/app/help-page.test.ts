import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, type TestContext, test} from 'node:test';
import {type SandboxProcess, startSandboxProcess} from '../../scripts/benchmark/start-sandbox-process.ts';
import {bundle} from '../../scripts/bundle.ts';
import {defaultApiUrl, defaultGitUrl} from '../../source/model/organization.ts';
import {hasTmux, openPane, type Pane} from './pane.ts';
import {keys} from './terminal.ts';

/*
The walk of the documentation (documentation/app.md), from an empty home to a restored repository, in the program as it is shipped,
in a real terminal, on a Bitbucket stand-in that enforces its limits in a process of its own. It is taken key by key, then with
everything of a step in one burst, then with every byte on its own.
*/

const ways = ['key by key', 'in bursts', 'byte by byte'] as const;
type Way = (typeof ways)[number];

let folder: string;
let program: string;

before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-test-'));
	await bundle(join(folder, 'program'));
	program = `${process.execPath} ${join(folder, 'program', 'cli.js')}`;
});

after(() => {
	rmSync(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 100});
});

/** Whoever sits at a terminal: types in their way, and goes on when the screen says what it should. */
type Person = {
	readonly pane: Pane;
	readonly types: (input: string) => void;
	/** Waits until the screen shows all of it. */
	readonly sees: (...expected: ReadonlyArray<string | RegExp>) => Promise<void>;
};

function sit(pane: Pane, way: Way, secrets: readonly string[]): Person {
	return {
		pane,
		types: input => {
			if (way === 'in bursts') {
				pane.burst(input);
			} else {
				pane.trickle(way === 'key by key' ? keysOf(input) : bytesOf(input));
			}
		},
		sees: async (...expected) => {
			for (const one of expected) {
				await pane.waitFor(one);
			}

			const text = pane.text();
			assert.ok(!secrets.some(secret => text.includes(secret)), 'a secret stands on the screen');
		},
	};
}

/** An escape sequence is one key, whatever else is a character each. */
function keysOf(input: string): readonly Uint8Array[] {
	return (input.match(/\u001b\[[A-Z]|./gsu) ?? []).map(key => Buffer.from(key));
}

function bytesOf(input: string): readonly Uint8Array[] {
	return [...Buffer.from(input)].map(byte => Uint8Array.of(byte));
}

function signInOf({credentials}: SandboxProcess, label: string) {
	const found = credentials.find(credential => credential.label === label);
	assert.ok(found?.username !== undefined, `the sandbox has no ${label}`);
	return {username: found.username, secret: found.secret};
}

async function openBitbucket(context: TestContext, name: string): Promise<SandboxProcess> {
	const sandbox = await startSandboxProcess({
		repositories: 4,
		folder: join(folder, name),
		limits: {api: {requests: 30, windowMilliseconds: 5000}},
	});
	context.after(async () => sandbox.close());
	return sandbox;
}

const {enter, tab, shiftTab, down, save, backspace} = keys;

for (const way of ways) {
	test(`help page, ${way}: from an empty home to a restored repository`, async context => {
		if (!hasTmux(context)) {
			return;
		}

		const name = way.replaceAll(' ', '-');
		const bitbucket = await openBitbucket(context, `bitbucket-${name}`);
		const home = join(folder, `home-${name}`);
		const secrets = bitbucket.credentials.map(({secret}) => secret);
		const environment = {BUCKET_BRIGADE_HOME: home, TMPDIR: folder};
		const pane = openPane(context, {environment});
		const person = sit(pane, way, secrets);
		pane.enter(`${program}; echo ended with $?`);
		await person.sees('Four steps to the first backup');

		await connect(person, bitbucket);
		await addCredentials(person, bitbucket);
		await addPlan(person);
		await runAndWatch(person, async () => {
			if (way === 'key by key') {
				await watchFromElsewhere(sit(openPane(context, {environment}), way, secrets));
			}
		});
		await lookBack(person);
		await restore(person, bitbucket, name);
	});
}

/** DevOps → add organization → Save. */
async function connect({types, sees}: Person, bitbucket: SandboxProcess): Promise<void> {
	const {username, secret} = signInOf(bitbucket, 'primary');
	types(enter);
	await sees('DevOps › Add organization', /> Workspace/);
	types(`${bitbucket.workspace}${tab}${tab}${tab}${username}${tab}${secret}`);
	await sees(/Workspace +acme\n/, new RegExp(`E-mail +${username}\n`), `${secret.length} characters`);
	types(
		`${tab}${tab}${backspace.repeat(defaultApiUrl.length)}${bitbucket.apiUrl}` +
			`${tab}${backspace.repeat(defaultGitUrl.length)}${bitbucket.gitUrl}${tab}30/5s`,
	);
	await sees(
		`API address  ${bitbucket.apiUrl}\n`,
		`Git address  ${bitbucket.gitUrl}\n`,
		/API limit +30\/5s\n/,
	);
	types(save);
	await sees(
		'acme is connected: signs in as Backup Primary, with all scopes.',
		/> 2 Additional credentials +next/,
	);
	// The steps can be left at any time; the walk goes the usual way.
	types(keys.escape);
	await sees('DevOps › acme', '[Edit]');
}

/** DevOps → tile → Edit → Additional credentials → Add new → Save, once with a token that is wrong. */
async function addCredentials({types, sees, pane}: Person, bitbucket: SandboxProcess): Promise<void> {
	const [first, second] = [signInOf(bitbucket, 'bot-1'), signInOf(bitbucket, 'bot-2')];
	const wrong = 'ATATT3xNotTheTokenOfAnybody';
	types('e');
	await sees('› Edit', '> Additional credentials (0)');
	types(enter);
	await sees('› Additional credentials', /> primary +│ API token +│ ✓ all it can/);
	types('a');
	await sees('› Add new', /> Kind +\( API token \)/);
	types(`${tab}bot-1${tab}${first.username}${tab}${wrong}${save}`);
	// What is wrong is said, and nothing of what was entered is lost.
	await sees(
		/✗ .*401/,
		/Label +bot-1\n/,
		new RegExp(`E-mail +${first.username}\n`),
		`${wrong.length} characters`,
	);
	types(`${backspace.repeat(wrong.length)}${first.secret}${save}`);
	await sees(
		'bot-1 is saved: signs in as Backup Bot 1, with all scopes.',
		/bot-1 +│ API token +│ ✓ all it can/,
	);
	types('a');
	await sees('› Add new', /> Kind/);
	types(`${tab}bot-2${tab}${second.username}${tab}`);
	await sees(/> Token/);
	// As people do it: with the end of the line that came along.
	pane.paste(`${second.secret}\n`);
	await sees(`${second.secret.length} characters`);
	types(save);
	await sees('bot-2 is saved: signs in as Backup Bot 2, with all scopes.', '3 credentials');
}

/** Plans → Add plan → Advanced settings → Edit → Additional git credentials → switches → Save → Save. */
async function addPlan({types, sees}: Person): Promise<void> {
	types('2');
	await sees('There is no plan yet: a adds one.');
	types('a');
	await sees('Plans › Add plan', /Organization +\( acme \)/);
	// The first plan has a name already, and every account that there is.
	types(shiftTab);
	await sees(/Name +nightly\n/, /> Advanced settings +2 credentials of 2 switched on/);
	types(enter);
	await sees('› Advanced settings', /> Additional git credentials +\[ on \]/, /bot-2 +\[ on \]/);
	types(' ');
	await sees(/> Additional git credentials +\[ ?off ?\] +all requests go through primary/);
	types(` ${down} `);
	await sees(/Additional git credentials +\[ on \]/, /bot-1 +\[ ?off ?\]/);
	types(' ');
	await sees(/bot-1 +\[ on \]/, /bot-2 +\[ on \]/);
	types(save);
	await sees('The plan itself is not saved yet', '2 credentials of 2 switched on');
	types(save);
	await sees('The plan nightly is saved. Enter runs it now.', /> 4 The first run +next/);
}

/** Run now → the bars → detach → Runs → attach → its end. */
async function runAndWatch({types, sees}: Person, meanwhile: () => Promise<void>): Promise<void> {
	types(enter);
	await sees(/Runs › nightly › \d/, 'used/limit');
	await sees(...['primary', 'bot-1', 'bot-2'].map(label => new RegExp(`${label} +api +▕█+.* \\d+/30 `)));
	types('d');
	await sees('The run goes on by itself; Runs (3) shows it again.', /> .* nightly +· running/);
	await meanwhile();
	types(enter);
	await sees(/bot-2 +api +▕/);
	await sees(/Repositories {2}4 of 4/, '✓ succeeded');
}

/** The same run, in another terminal, at the same time. */
async function watchFromElsewhere({types, sees, pane}: Person): Promise<void> {
	pane.enter(`${program}; echo ended with $?`);
	await sees('[Edit]');
	types('3');
	await sees(/> .* nightly +· running/);
	types(enter);
	await sees(/primary +api +▕█/, /bot-2 +api +▕█/, 'running');
	types('q');
	await sees('ended with 0');
}

/** The history, and a past run in the view of a live one. */
async function lookBack({types, sees}: Person): Promise<void> {
	types(keys.escape);
	await sees(/> .* nightly +✓ succeeded .* 4 of 4/);
	types(enter);
	await sees(/✓ succeeded · .* · \d+ requests/, /bot-1 +api +▕/, /✓ \S+ +saved/);
	types('2');
	await sees(/> nightly +acme +3 +✓ succeeded/);
}

/** DevOps, where one left it → back to Edit → Snapshots → Restore: a snapshot as a repository of its own. */
async function restore({types, sees, pane}: Person, bitbucket: SandboxProcess, name: string): Promise<void> {
	const target = join(folder, `restored-${name}.git`);
	types('1');
	await sees('› Additional credentials', '1 plan uses primary: nightly');
	types(keys.escape);
	await sees(/DevOps › acme › \S+ › Edit\b/, 'Snapshots (1)');
	const [, slug = ''] = /DevOps › acme › (\S+) › Edit/.exec(pane.text()) ?? [];
	assert.ok(bitbucket.slugs.includes(slug), slug);
	types('s');
	await sees('› Snapshots', '✓ complete', 'the first one');
	types('r');
	await sees(/> Snapshot +\( .* the newest \)/, '( bare repository )');
	types(`${tab}${tab}${target}`);
	await sees('› Restore', /> Folder/, new RegExp(`becomes\\s+${target}`));
	types(save);
	await sees('Restore?', '> Cancel');
	types(`${keys.right}${enter}`);
	await sees(`✓ Restored ${slug} as it was at `);
	types('q');
	await sees('ended with 0');
	const upstream = join(folder, `bitbucket-${name}`, 'git', bitbucket.workspace, `${slug}.git`);
	const refs = refsIn(target);
	assert.match(refs, /refs\/heads\//);
	assert.equal(refs, refsIn(upstream));
}

/** Every ref and what it stands at, but for what the sandbox keeps to itself. */
function refsIn(repository: string): string {
	return execFileSync('git', ['--git-dir', repository, 'for-each-ref', '--format=%(objectname) %(refname)'], {
		encoding: 'utf8',
	})
		.split('\n')
		.filter(line => !line.includes(' refs/sandbox/'))
		.join('\n');
}

test('help page: a run lives on when its terminal is gone, and the app does not', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const bitbucket = await openBitbucket(context, 'bitbucket-lost');
	const environment = {BUCKET_BRIGADE_HOME: join(folder, 'home-lost'), TMPDIR: folder};
	const secrets = bitbucket.credentials.map(({secret}) => secret);
	const pane = openPane(context, {environment});
	const person = sit(pane, 'in bursts', secrets);
	pane.enter(program);
	await person.sees('Four steps to the first backup');
	await connect(person, bitbucket);
	await addCredentials(person, bitbucket);
	await addPlan(person);
	person.types(enter);
	await person.sees(/primary +api +▕█/);
	const isAppThere = (): boolean =>
		spawnSync('ps', ['-t', terminal, '-o', 'args='], {encoding: 'utf8'}).stdout.includes('cli.js');
	const terminal = pane.terminal();
	assert.ok(isAppThere());

	const next = openPane(context, {environment});
	pane.hangUp();
	await next.until('the app is gone', () => !isAppThere());
	next.enter(`clear; ${program} watch nightly | tail -3; ${program} runs`);
	await next.waitFor(/nightly +succeeded/);
});
