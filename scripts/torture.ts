import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {endWriters} from '../test/faults/end-writers.ts';
import {runOverFaults} from '../test/faults/faulty-runs.ts';
import {killRuns} from '../test/faults/kill-runs.ts';
import {createRandom} from '../test/faults/seeded-random.ts';

/*
Kills, failing disks and failing networks, for as long as one likes, and what is left after them: `npm run torture -- --minutes 10`.
Everything happens on loopback and below the folder for temporary files, and ends by itself.
*/
const {values} = parseArgs({
	options: {minutes: {type: 'string', default: '10'}, seed: {type: 'string', default: String(Date.now())}},
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
	process.stderr.write('Expected --minutes with a number above 0, and --seed with a whole one.\n');
	process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-torture-'));
const place = (name: string): string => {
	mkdirSync(join(folder, name));
	return join(folder, name);
};

const end = performance.now() + minutes * 60_000;
const goesOn = (): boolean => performance.now() < end;
process.stdout.write(`For ${minutes} minutes, with --seed ${seed} …\n`);
try {
	const [writers, network, runs] = await Promise.all([
		endWriters({folder: place('writers'), random: createRandom(seed), goesOn}),
		runOverFaults({folder: place('network'), random: createRandom(seed + 1), rate: 0.5, goesOn}),
		killRuns({folder: place('runs'), random: createRandom(seed + 2), goesOn}),
	]);
	const networkFaults = Object.values(network.faults).reduce((sum, count) => sum + count, 0);
	const losses = [...writers.losses, ...network.losses, ...runs.losses];
	const kinds = Object.entries(network.faults).map(([kind, count]) => `${count} ${kind}`);
	const lines = [
		`kills           ${writers.kills + runs.kills}: ${writers.kills} of who writes to store, vault, ledger and journal, ${runs.kills} of runs`,
		`faults          ${writers.diskFaults + networkFaults}: ${writers.diskFaults} of disks, ${networkFaults} of the network (${kinds.join(', ')}) over ${network.runs} runs`,
		`acknowledged    ${writers.acknowledged} writings`,
		`lost or torn    ${losses.length === 0 ? 'nothing' : losses.length}`,
		...losses.map(text => `  ${text}`),
	];
	process.stdout.write(`${lines.join('\n')}\n`);
	process.exitCode = losses.length === 0 ? 0 : 1;
} finally {
	rmSync(folder, {recursive: true, force: true, maxRetries: 3});
}
