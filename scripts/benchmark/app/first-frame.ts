import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {median} from './median.ts';

/** How long it takes from the start of a process until something of its first frame is on the terminal, in milliseconds. */
export type FirstFrameFigures = {
	readonly program: number;
	/** A bare Ink program. */
	readonly bare: number;
	/** The same, bundled with the program's own shortcuts. */
	readonly fast: number;
};

const turns = 15;

/**
The program's first frame beside that of a bare Ink program, each in a terminal of its own, in turns.

@param folder Holds the bundles `program/cli.js`, `hello/hello.js` and `fast-hello/hello.js`; a home is made in it.
*/
export async function measureFirstFrame(folder: string): Promise<FirstFrameFigures> {
	const times = {program: [] as number[], bare: [] as number[], fast: [] as number[]};
	for (let turn = 0; turn <= turns; turn += 1) {
		const bare = await timeOf(join(folder, 'hello', 'hello.js'), 'hello', folder);
		const fast = await timeOf(join(folder, 'fast-hello', 'hello.js'), 'hello', folder);
		const program = await timeOf(join(folder, 'program', 'cli.js'), 'DevOps', folder);
		// The first of each warms what the machine keeps of files.
		if (turn > 0) {
			times.bare.push(bare);
			times.fast.push(fast);
			times.program.push(program);
		}
	}

	return {program: median(times.program), bare: median(times.bare), fast: median(times.fast)};
}

async function timeOf(file: string, expected: string, folder: string): Promise<number> {
	const command = `stty cols 120 rows 40; exec ${process.execPath} ${file}`;
	const begun = performance.now();
	const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
		stdio: ['pipe', 'pipe', 'inherit'],
		env: {
			PATH: process.env['PATH'],
			TERM: 'xterm-256color',
			LC_ALL: 'C.UTF-8',
			SHELL: '/bin/sh',
			BUCKET_BRIGADE_HOME: join(folder, 'home'),
		},
	});
	const ended = once(child, 'close');
	let written = '';
	let time: number | undefined;
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		written += text;
		if (time === undefined && written.includes(expected)) {
			time = performance.now() - begun;
			child.stdin.write('\u0003');
			child.stdin.end();
		}
	});
	await ended;
	if (time === undefined) {
		throw new Error(`${file} drew nothing: ${written}`);
	}

	return time;
}
