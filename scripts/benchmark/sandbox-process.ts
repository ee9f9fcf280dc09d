import {type SandboxOptions, startSandbox} from '../../source/sandbox/start-sandbox.ts';

/*
A sandbox in a process of its own, so that server and client do not share an event loop. Its options come as the only
argument; it says where it is, then answers each line on standard input with its statistics, and ends with standard input.
*/
const sandbox = await startSandbox(JSON.parse(process.argv[2] ?? '{}') as SandboxOptions);
const {apiUrl, gitUrl, workspace, credentials} = sandbox;
const slugs = sandbox.world.repositories.map(({slug}) => slug);
process.stdout.write(`${JSON.stringify({apiUrl, gitUrl, workspace, credentials, slugs})}\n`);
for await (const _ of process.stdin) {
	process.stdout.write(`${JSON.stringify(sandbox.statistics())}\n`);
}

await sandbox.close();
