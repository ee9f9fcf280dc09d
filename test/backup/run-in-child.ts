import {runAgainstSandbox, type SandboxRun} from './run-against-sandbox.ts';

/*
A run in a process of its own, for tests that kill it: what to run comes on standard input, events go to standard output, a
line each.
*/
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) {
	chunks.push(chunk as Buffer);
}

const run = JSON.parse(Buffer.concat(chunks).toString('utf8')) as SandboxRun;
await runAgainstSandbox(run, report => {
	process.stdout.write(`${JSON.stringify(report)}\n`);
});
