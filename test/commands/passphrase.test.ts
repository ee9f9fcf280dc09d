import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, type TestContext, test} from 'node:test';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {hasTmux, openPane, type Pane} from '../app/pane.ts';
import {connector} from './connection.ts';
import {openTestHome, type TestHome} from './program-process.ts';

/* The passphrase of the vault's key, typed at a real terminal. */

const passphrase = 'correct horse 1';

let box: Sandbox;
let home: TestHome;

before(async () => {
	box = await startSandbox({repositories: 1, pullRequests: 0});
	home = await openTestHome();
	assert.equal((await connector(home, box).addOrganization()).code, 0);
	const plan = await home.run(['plan', 'add', 'nightly', '--organization', 'acme', '--data', 'git']);
	assert.equal(plan.code, 0, plan.stderr);
});
after(async () => {
	await home.close();
	await box.close();
});

type Terminal = Pane & {
	/** Types a command of the program; what the shell then says is awaited as `ended with 0`. */
	readonly command: (commandLine: string) => void;
};

async function openTerminal(context: TestContext): Promise<Terminal> {
	const pane = openPane(context, {
		columns: 200,
		environment: {BUCKET_BRIGADE_HOME: home.home, TMPDIR: home.folder},
	});
	await pane.waitFor(/^shell>/);
	return {
		...pane,
		command: commandLine => {
			pane.enter(
				`clear; ${process.execPath} ${join(home.folder, 'program', 'cli.js')} ${commandLine}; echo ended with $?`,
			);
		},
	};
}

const again = /The same passphrase again \(it is not shown\):/;
const question = /Passphrase of .*identity\.age \(it is not shown\):/;

async function lock(terminal: Terminal): Promise<void> {
	terminal.command('vault lock');
	await terminal.waitFor(/A new passphrase \(it is not shown\):/);
	terminal.enter(passphrase);
	await terminal.waitFor(again);
	terminal.enter(passphrase);
	await terminal.waitFor(/The key is locked[\s\S]*ended with 0/);
}

test('typed passphrase: locks the key, is asked for by what needs a secret, and is never seen', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const terminal = await openTerminal(context);
	terminal.enter(`stty -a > ${join(home.folder, 'before.txt')}`);
	await lock(terminal);
	assert.deepEqual(await readdir(join(home.home, 'keys')), ['identity.age']);
	assert.doesNotMatch(terminal.text(), /correct/);

	// What needs no secret asks for nothing.
	terminal.command('plan list');
	await terminal.waitFor(/nightly[\s\S]*ended with 0/);
	assert.doesNotMatch(terminal.text(), /Passphrase/);

	terminal.command('vault show');
	await terminal.waitFor(question);
	terminal.enter('battery staple');
	await terminal.waitFor(/That is not the passphrase\. Passphrase of/);
	terminal.enter(passphrase);
	await terminal.waitFor(/locked with a passphrase that is typed in[\s\S]*ended with 0/);
	assert.doesNotMatch(terminal.text(), /correct|battery/);

	terminal.command('run nightly');
	await terminal.waitFor(question);
	terminal.enter(passphrase);
	await terminal.waitFor(/nightly succeeded[\s\S]*ended with 0/);

	terminal.command('vault show');
	await terminal.waitFor(question);
	terminal.press('h', 'a', 'C-c');
	// The shell drops the rest of its line as well.
	await terminal.waitFor(/shell>\s*$/);
	terminal.enter('echo it left $?');
	await terminal.waitFor('it left 130');
	terminal.enter(
		`stty -a > ${join(home.folder, 'after.txt')}; diff ${join(home.folder, 'before.txt')} ${join(home.folder, 'after.txt')} && echo same settings`,
	);
	await terminal.waitFor(/^same settings/m);
});

test('typed passphrase: is asked for at the terminal also where standard input brings a secret', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const terminal = await openTerminal(context);
	const other = box.credentials.find(({label}) => label === 'ci-token');
	assert.ok(other !== undefined);
	const file = await home.secretFile('ci-token', other.secret);
	terminal.command(`credential add acme --label ci --kind workspace-access-token --secret-file - < ${file}`);
	await terminal.waitFor(question);
	terminal.enter(passphrase);
	await terminal.waitFor(/ci[\s\S]*ended with 0/);
	assert.doesNotMatch(terminal.text(), /correct/);
});

test('typed passphrase: a detached run gets the key without asking, and it stands nowhere', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const terminal = await openTerminal(context);
	const limit = await home.run(['organization', 'edit', 'acme', '--api-limit', '1/1h', '--reserve', '0']);
	assert.equal(limit.code, 0, limit.stderr);
	terminal.command('run nightly --detach');
	await terminal.waitFor(question);
	terminal.enter(passphrase);
	await terminal.waitFor(/Started \S+-nightly[\s\S]*ended with 0/);
	const run = /Started (\S+-nightly)/.exec(terminal.text())?.[1] ?? '';
	const watching = home.start(['watch', run, '--json']);
	await watching.printed(/"quota"/);
	const owner = await readFile(join(home.home, 'locks', 'plan-nightly.owner.json'), 'utf8');
	const {pid} = JSON.parse(owner) as {pid: number};
	try {
		const said = ['cmdline', 'environ'].map(name => readFileSync(`/proc/${pid}/${name}`, 'latin1')).join();
		assert.match(said, /key-on-input/);
		assert.doesNotMatch(said, /AGE-SECRET|correct/);
	} finally {
		process.kill(pid, 'SIGTERM');
	}

	assert.equal((await watching.ended).code, 130, 'it had opened the vault, and waited for quota');
	for (const file of readdirSync(home.home, {recursive: true, withFileTypes: true})) {
		if (file.isFile()) {
			const text = await readFile(join(file.parentPath, file.name), 'latin1');
			assert.doesNotMatch(text, /AGE-SECRET-KEY-1|correct horse/, file.name);
		}
	}

	await home.run(['organization', 'edit', 'acme', '--api-limit', 'documented']);
});

test('typed passphrase: where there is no terminal, it is said what to set, and a run fails', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const sentence =
		/identity\.age is locked with a passphrase\. Set BUCKET_BRIGADE_PASSWORD_COMMAND to a command/;
	for (const commandLine of [
		['vault', 'show'],
		['credential', 'check', 'acme', 'primary'],
		['run', 'nightly'],
		['run', 'nightly', '--detach'],
	]) {
		const {code, stderr} = await home.run(commandLine);
		assert.equal(code, 1, stderr);
		assert.match(stderr, sentence);
	}

	const runs = JSON.parse((await home.run(['runs', '--json'])).stdout) as Array<{status: string}>;
	assert.equal(runs[0]?.status, 'failed');
	const doctor = await home.run(['doctor', '--offline']);
	assert.equal(doctor.code, 1);
	assert.match(doctor.stdout, /BAD +vault +.*locked with a passphrase/);
	const commanded = await home.run(['run', 'nightly'], {
		environment: {BUCKET_BRIGADE_PASSWORD_COMMAND: `echo ${passphrase}`},
	});
	assert.equal(commanded.code, 0, commanded.stderr);
});

test('typed passphrase: the app asks on a screen of its own, and starts runs', async context => {
	if (!hasTmux(context)) {
		return;
	}

	const terminal = await openTerminal(context);
	terminal.command('');
	await terminal.waitFor('The vault is locked with a passphrase');
	terminal.enter('battery staple');
	await terminal.waitFor('That is not the passphrase');
	terminal.enter(passphrase);
	await terminal.waitFor('1 repository');
	terminal.press('2');
	await terminal.waitFor('nightly');
	terminal.press('r');
	await terminal.waitFor('succeeded');
	terminal.press('q');
	await terminal.waitFor('ended with 0');
	terminal.command('');
	await terminal.waitFor('The vault is locked with a passphrase');
	terminal.press('Escape');
	await terminal.waitFor('ended with 0');
	assert.doesNotMatch(terminal.text(), /correct|battery/);
});

test('typed passphrase: age itself opens the key with it, and the vault with the key', async context => {
	if (!hasTmux(context)) {
		return;
	}

	if (spawnSync('age', ['--version']).error !== undefined) {
		context.skip('age is not installed');
		return;
	}

	const terminal = await openTerminal(context);
	const key = join(home.folder, 'opened.txt');
	terminal.enter(
		`clear; age --decrypt --output ${key} ${join(home.home, 'keys', 'identity.age')}; echo ended with $?`,
	);
	await terminal.waitFor(/Enter passphrase/);
	terminal.enter(passphrase);
	await terminal.waitFor('ended with 0');
	const {stdout} = spawnSync('age', ['--decrypt', '--identity', key, join(home.home, 'vault.age')]);
	const [secret] = Object.values(
		(JSON.parse(stdout.toString()) as {secrets: Record<string, string>}).secrets,
	);
	assert.equal(secret, box.credentials.find(({label}) => label === 'primary')?.secret);
});
