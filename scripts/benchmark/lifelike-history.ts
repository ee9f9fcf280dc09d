import {execFileSync} from 'node:child_process';

/** Writes commits to a bare repository as people make them: a few lines in a few of some hundred text files each. */
export type LifelikeHistory = {
	/** Puts so many commits on top of a branch. */
	readonly commit: (branch: string, count: number) => void;
	/** Replaces a branch by so many new commits on top of another one. */
	readonly force: (branch: string, onTopOf: string, count: number) => void;
};

const fileCount = 200;
const linesInFile = 80;

export function createLifelikeHistory(gitDirectory: string): LifelikeHistory {
	const files = new Map<number, string[]>();
	const random = createRandom(1);
	let seconds = 1_780_000_000;

	const commits = (branch: string, from: string, count: number): string => {
		let stream = `reset refs/heads/${branch}\nfrom ${from}^0\n\n`;
		for (let made = 0; made < count; made += 1) {
			seconds += 600;
			stream += `commit refs/heads/${branch}\ncommitter Ada <ada@acme.example> ${seconds} +0000\ndata 6\nchange\n`;
			for (let touched = 0; touched < 4; touched += 1) {
				const file = Math.floor(random() * fileCount);
				const text = change(file);
				stream += `M 100644 inline src/part-${file % 10}/file-${file}.txt\ndata ${text.length}\n${text}\n`;
			}
		}

		return stream;
	};

	const change = (file: number): string => {
		const lines =
			files.get(file) ?? Array.from({length: linesInFile}, (_, line) => `${line} of ${file}: ${random()}`);
		lines[Math.floor(random() * linesInFile)] = `changed: ${random()}`;
		files.set(file, lines);
		return `${lines.join('\n')}\n`;
	};

	const write = (stream: string): void => {
		execFileSync('git', ['--git-dir', gitDirectory, 'fast-import', '--quiet', '--force', '--done'], {
			input: `${stream}done\n`,
		});
	};

	return {
		commit: (branch, count) => write(commits(branch, `refs/heads/${branch}`, count)),
		force: (branch, onTopOf, count) => write(commits(branch, `refs/heads/${onTopOf}`, count)),
	};
}

/** The same numbers each time (mulberry32). */
function createRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d_2b_79_f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
