import {type PoolReading, readThroughPool} from './read-through-pool.ts';

/*
A pool in a process of its own: what to read comes on standard input, and each path that was read goes to standard output, a
line each, with the time of its answer in milliseconds of the machine; at the end a line with what each account sent.
*/
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) {
	chunks.push(chunk as Buffer);
}

const reading = JSON.parse(Buffer.concat(chunks).toString('utf8')) as PoolReading;
const totals = await readThroughPool(reading, path => {
	process.stdout.write(`${JSON.stringify({path, at: performance.timeOrigin + performance.now()})}\n`);
});
process.stdout.write(`${JSON.stringify({totals})}\n`);
