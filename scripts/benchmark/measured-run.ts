import {runAgainstSandbox, type SandboxRun} from '../../test/backup/run-against-sandbox.ts';

/*
A run against a sandbox in a process of its own, measured from within. What to run comes on standard input; with the argument
`list` it ends when the first repository begins. Says, as JSON, how long it took, what of the heap was in use when the first
repository began, and the most memory that the process ever had. Needs --expose-gc.
*/

export type MeasuredRun = {
	readonly seconds: number;
	/** Bytes; null where nothing was to be backed up. */
	readonly heapAtFirst: number | null;
	/** Bytes, those of the runtime and its compiler included. */
	readonly peakMemory: number;
	readonly status: string;
};

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) {
	chunks.push(chunk as Buffer);
}

const run = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SandboxRun;
const isListOnly = process.argv.includes('list');
const begun = performance.now();
let heapAtFirst: number | null = null;

function tell(status: string, seconds: number): void {
	const peakMemory = process.resourceUsage().maxRSS * 1024;
	process.stdout.write(JSON.stringify({seconds, heapAtFirst, peakMemory, status} satisfies MeasuredRun));
}

const {status} = await runAgainstSandbox(run, report => {
	if (report.type === 'repository-started' && heapAtFirst === null) {
		const seconds = (performance.now() - begun) / 1000;
		globalThis.gc?.();
		heapAtFirst = process.memoryUsage().heapUsed;
		if (isListOnly) {
			tell('listed', seconds);
			process.exit(0);
		}
	}
});
tell(status, (performance.now() - begun) / 1000);
