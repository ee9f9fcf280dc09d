import {runGit} from '../../system/git.ts';
import {createFsckReader, type FsckReport, isSound} from './fsck-report.ts';

export type FsckOptions = {
	readonly folder: string;
	readonly signal: AbortSignal;
	/** Whether only the connections are looked at, and the contents of objects believed. */
	readonly onlyConnections?: boolean;
	/** Whether commits are listed that nothing refers to. */
	readonly withDangling?: boolean;
	/** How many objects were looked at, of how many. */
	readonly onProgress?: (done: number, total: number) => void;
};

/** Exit code bits of git for objects whose form its checks refuse: alone, and in packs. */
const malformedExitCodes = 0b101;

/**
Lets git read every object, compare it with its name, and follow every ref to its end.

@throws UserError when git is missing, the signal's reason.
*/
export async function runFsck(options: FsckOptions): Promise<FsckReport> {
	const {folder, signal, onlyConnections = false, withDangling = false, onProgress} = options;
	const reader = createFsckReader();
	const {exitCode, stdout} = await runGit({
		gitDirectory: folder,
		arguments: [
			'fsck',
			'--full',
			'--no-reflogs',
			'--progress',
			...(withDangling ? ['--dangling'] : ['--no-dangling']),
			...(onlyConnections ? ['--connectivity-only'] : []),
		],
		signal,
		onProgressLine: line => {
			const [, done, total] = /^Checking objects:\s+\d+% \((\d+)\/(\d+)\)/.exec(line) ?? [];
			if (done === undefined || total === undefined) {
				reader.error(line);
			} else {
				onProgress?.(Number(done), Number(total));
			}
		},
	});
	for (const line of stdout.toString('latin1').split('\n')) {
		reader.output(line);
	}

	const report = reader.report();
	const isExplained =
		exitCode === 0 || (report.malformed > 0 && (exitCode & ~malformedExitCodes) === 0) || !isSound(report);
	return isExplained ? report : {...report, others: [`git fsck ended with ${exitCode} and without a word`]};
}
