import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {transformSync} from 'esbuild';

/** The guard alone, in plain JavaScript as it is shipped, with a program that only says how it was started. */
const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-guard-'));
after(() => {
	rmSync(folder, {recursive: true});
});

const source = readFileSync(new URL('../source/cli.ts', import.meta.url), 'utf8');
const {code} = transformSync(
	source.replace("'./main.ts'", "'./main.js'").replace("'./system/compile-cache.ts'", "'./compile-cache.js'"),
	{loader: 'ts', target: 'node22'},
);
writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
writeFileSync(join(folder, 'cli.js'), code);
writeFileSync(join(folder, 'compile-cache.js'), 'export const keepCompiled = () => undefined;');
writeFileSync(
	join(folder, 'main.js'),
	'export const main = async commandLine => console.log(JSON.stringify({commandLine, colour: process.env.FORCE_COLOR ?? null}));',
);

type Start = {
	readonly node?: string;
	/** What the process believes its version to be. */
	readonly version?: string;
	readonly commandLine?: readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
};

function start({node = process.execPath, version, commandLine = [], environment = {}}: Start) {
	const pretend =
		version === undefined
			? []
			: [
					`--import=data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`,
				];
	const {status, stdout, stderr} = spawnSync(node, [...pretend, join(folder, 'cli.js'), ...commandLine], {
		encoding: 'utf8',
		env: {PATH: process.env['PATH'] ?? '', ...environment},
	});
	return {status, stdout, stderr};
}

for (const version of ['18.0.0', '20.20.2', '22.0.0', '22.12.9']) {
	test(`Node.js ${version} gets one clear sentence`, () => {
		const {status, stdout, stderr} = start({version, commandLine: ['runs']});
		assert.equal(status, 1);
		assert.equal(stdout, '');
		assert.match(stderr, /^Bucket Brigade needs Node\.js 22\.13 or newer, and this is [\d.]+: .+\.\n$/);
		assert.ok(stderr.includes(version));
	});
}

for (const version of ['22.13.0', '23.0.0', '24.1.0', '100.0.0']) {
	test(`Node.js ${version} is let in`, () => {
		const {status, stdout} = start({version, commandLine: ['runs', '--json']});
		assert.equal(status, 0);
		assert.deepEqual(JSON.parse(stdout), {commandLine: ['runs', '--json'], colour: null});
	});
}

/** A Node.js older than what is needed, where the machine has one. */
const old = ['/usr/bin/node', '/usr/local/bin/node'].find(path => {
	const [major = 0] = (spawnSync(path, ['--version'], {encoding: 'utf8'}).stdout ?? '')
		.replace('v', '')
		.split('.')
		.map(Number);
	return major >= 18 && major < 22;
});

test('a real old Node.js loads the guard and gets the sentence', {
	skip: old === undefined && 'this machine has no Node.js older than 22 in /usr/bin or /usr/local/bin',
}, () => {
	const {status, stderr} = start({node: old ?? ''});
	assert.equal(status, 1);
	assert.match(stderr, /^Bucket Brigade needs Node\.js 22\.13 or newer, .+\.\n$/);
});

test('no colours are asked for by NO_COLOR and by --no-color, before anything else is loaded', () => {
	const colour = (options: Start): unknown => JSON.parse(start(options).stdout).colour;
	assert.equal(colour({environment: {NO_COLOR: '1'}}), '0');
	assert.equal(colour({environment: {NO_COLOR: ''}}), null);
	assert.equal(colour({commandLine: ['--no-color']}), '0');
	assert.equal(colour({environment: {NO_COLOR: '1', FORCE_COLOR: '3'}}), '0');
	assert.equal(colour({environment: {FORCE_COLOR: '1'}}), '1');
});
