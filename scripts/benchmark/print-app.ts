import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {bundle} from '../bundle.ts';
import {withoutDeveloperTools} from '../bundle-plugins.ts';
import {measureFirstFrame} from './app/first-frame.ts';
import type {AppFigures, AppPart} from './app/measured-app.ts';
import {line} from './line.ts';

const hello = 'scripts/benchmark/app/hello.tsx';

/** What the full-screen app costs: a key in long lists, what is written, memory, and its first frame. */
export async function printApp(): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-benchmark-'));
	try {
		await bundle(join(folder, 'measured'), 'scripts/benchmark/app/measured-app.ts');
		await bundle(join(folder, 'program'));
		await bundle(join(folder, 'hello'), hello, [withoutDeveloperTools]);
		await bundle(join(folder, 'fast-hello'), hello);
		console.log('The full-screen app, bundled as it is shipped');
		await printFrames(folder);
		await printBytes(folder);
		await printMemory(folder);
		await printFirstFrame(folder);
	} finally {
		await rm(folder, {recursive: true, force: true, maxRetries: 3});
	}
}

async function printFrames(folder: string): Promise<void> {
	for (const {list, length, milliseconds, overHundred} of await measure(folder, 'frames')) {
		line(
			`a key among ${length.toLocaleString('en')} ${list}`.padEnd(42),
			`${overHundred.toFixed(2)} × that among 100 (target: at most 2)`,
			`${milliseconds.toFixed(1)} ms`,
		);
	}
}

async function printBytes(folder: string): Promise<void> {
	const {idle, live} = await measure(folder, 'bytes');
	const bytes = idle.reduce((sum, one) => sum + one.bytes, 0);
	const loud = idle.filter(one => one.bytes > 0).map(one => one.screen);
	line(
		`idle, ${idle.length} screens, ${idle[0]?.seconds} s each`.padEnd(42),
		`${bytes} bytes written (target: none)${loud.length === 0 ? '' : `, on ${loud.join(', ')}`}`,
	);
	line(
		`a live run at 120x40, ${live.ticks} ticks`.padEnd(42),
		`${live.bytesEach.toFixed(0)} bytes a tick (target: under 1,500)`,
		`${live.mostInOne} in one at most`,
	);
}

async function printMemory(folder: string): Promise<void> {
	const {updates, growth, heapMegabytes} = await measure(folder, 'memory');
	line(
		`${updates.toLocaleString('en')} updates of a live run`.padEnd(42),
		`the heap grows by ${(100 * growth).toFixed(1)} % over all of them (target: flat, at most 2 %)`,
		`${heapMegabytes.toFixed(1)} MB`,
	);
}

async function printFirstFrame(folder: string): Promise<void> {
	const {program, bare, fast} = await measureFirstFrame(folder);
	const milliseconds = (figure: number): string => figure.toFixed(0);
	line(
		'the first frame, whole process'.padEnd(42),
		`${(program / bare).toFixed(2)} × that of a bare Ink hello (target: at most 1.5)`,
		`${milliseconds(program)} and ${milliseconds(bare)} ms`,
	);
	line(
		''.padEnd(42),
		`${(program / fast).toFixed(2)} × that of the same hello, bundled with the program’s own shortcuts`,
		`${milliseconds(fast)} ms`,
	);
}

async function measure<Part extends AppPart>(folder: string, part: Part): Promise<AppFigures<Part>> {
	const script = join(folder, 'measured', 'measured-app.js');
	const child = spawn(process.execPath, ['--expose-gc', script, part], {
		stdio: ['ignore', 'pipe', 'inherit'],
		env: {...process.env, FORCE_COLOR: '1'},
	});
	const chunks: Buffer[] = [];
	child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
	await once(child, 'close');
	return JSON.parse(Buffer.concat(chunks).toString('utf8')) as AppFigures<Part>;
}
