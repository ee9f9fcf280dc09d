import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Checks the import rules of this project on the `source` folder of another one. */
function checkRules(folder: string): {readonly isClean: boolean; readonly output: string} {
	const {status, stdout, stderr} = spawnSync(
		process.execPath,
		[
			join(root, 'node_modules/.bin/depcruise'),
			'--config',
			join(root, '.dependency-cruiser.json'),
			'--output-type',
			'err',
			'source',
		],
		{cwd: folder, encoding: 'utf8'},
	);
	return {isClean: status === 0, output: `${stdout}${stderr}`};
}

/** A folder whose files import what they are said to. */
function plant(files: Readonly<Record<string, string>>): string {
	const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-rules-'));
	writeFileSync(join(folder, 'package.json'), '{"name": "planted", "type": "module"}');
	for (const [path, contents] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), {recursive: true});
		writeFileSync(join(folder, path), contents);
	}

	return folder;
}

test('the rooms of the sources import downwards only', () => {
	const {isClean, output} = checkRules(root);
	assert.ok(isClean, output);
});

const value = 'export const one = 1;\nexport type One = 1;\n';

const planted: ReadonlyArray<{
	readonly rule: string;
	readonly from: string;
	readonly text: string;
	readonly to: string;
}> = [
	{
		rule: 'backup-imports-downwards',
		from: 'source/backup/runner.ts',
		text: "import {one} from '../store/store.ts';\nexport const two = one;\n",
		to: 'source/store/store.ts',
	},
	{
		rule: 'system-imports-downwards',
		from: 'source/system/clock.ts',
		text: "import type {One} from '../runs/events.ts';\nexport type Two = One;\n",
		to: 'source/runs/events.ts',
	},
	{
		rule: 'app-imports-downwards',
		from: 'source/app/app.tsx',
		text: "import {type One} from '../bitbucket/client.ts';\nexport const Two = (): One => 1;\n",
		to: 'source/bitbucket/client.ts',
	},
	{
		rule: 'sandbox-imports-downwards',
		from: 'source/sandbox/start.ts',
		text: "export * from '../model/plan.ts';\n",
		to: 'source/model/plan.ts',
	},
	{
		rule: 'sandbox-stands-apart',
		from: 'source/actions/demo.ts',
		text: "export const two = await import('../sandbox/start.ts');\n",
		to: 'source/sandbox/start.ts',
	},
	{
		rule: 'guard-stays-thin',
		from: 'source/cli.ts',
		text: "import {one} from './system/user-error.ts';\nexport const two = one;\n",
		to: 'source/system/user-error.ts',
	},
	{
		rule: 'terminal-only-in-app',
		from: 'source/runs/plain.ts',
		text: "import {one} from '../../node_modules/ink/index.js';\nexport const two = one;\n",
		to: 'node_modules/ink/index.js',
	},
];

for (const {rule, from, text, to} of planted) {
	test(`an import against the rule ${rule} is found`, () => {
		const folder = plant({[from]: text, [to]: value});
		try {
			const {isClean, output} = checkRules(folder);
			assert.equal(isClean, false, output);
			assert.match(output, new RegExp(`error ${rule}: ${from.replaceAll('.', '\\.')}`));
		} finally {
			rmSync(folder, {recursive: true});
		}
	});
}

test('a circle is found', () => {
	const folder = plant({
		'source/model/one.ts': "import {two} from './two.ts';\nexport const one = (): unknown => two;\n",
		'source/model/two.ts': "import {one} from './one.ts';\nexport const two = (): unknown => one;\n",
	});
	try {
		assert.match(checkRules(folder).output, /error no-circles/);
	} finally {
		rmSync(folder, {recursive: true});
	}
});

test('imports that go downwards are let through', () => {
	const folder = plant({
		'source/commands/run.ts': "import {one} from '../actions/runs.ts';\nexport const two = one;\n",
		'source/commands/sandbox.ts': "export const two = await import('../sandbox/start.ts');\n",
		'source/actions/runs.ts': "import {one as base} from '../model/plan.ts';\nexport const one = base;\n",
		'source/model/plan.ts': value,
		'source/sandbox/start.ts': value,
	});
	try {
		const {isClean, output} = checkRules(folder);
		assert.ok(isClean, output);
	} finally {
		rmSync(folder, {recursive: true});
	}
});
