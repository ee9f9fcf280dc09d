import {runGit} from '../../source/system/git.ts';

/** A process whose git holds the lock named on its command line; says so once it does. */
await runGit({
	arguments: ['fetch'],
	lockFile: process.argv[2] ?? '',
	onProgressLine: line => process.stdout.write(`${line}\n`),
});
