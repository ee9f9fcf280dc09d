import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {bundleScript} from './bundled-script.ts';
import {readWritten, type Written, written} from './written.ts';

export type WritersOptions = {
	/** An empty folder. */
	readonly folder: string;
	readonly random: () => number;
	/** Whether another writer is to be started, after so many that came to an end. */
	readonly goesOn: (ended: number) => boolean;
};

export type EndedWriters = {
	/** Writers that were killed. */
	readonly kills: number;
	/** Writers whose disk failed: an error of the system, put into a call of theirs. */
	readonly diskFaults: number;
	/** Writings that had been acknowledged until then. */
	readonly acknowledged: number;
	/** What was lost or torn, in sentences. */
	readonly losses: readonly string[];
};

/**
Ends processes that write to the store, the vault, the ledger and the journal: kills them at random moments, or has their disk fail; and
looks at what is left.
*/
export async function endWriters({folder, random, goesOn}: WritersOptions): Promise<EndedWriters> {
	const program = join(folder, 'writer.mjs');
	await bundleScript(fileURLToPath(new URL('writer.ts', import.meta.url)), program);
	const canInject = spawnSync('strace', ['--version']).error === undefined && process.platform === 'linux';
	const losses: string[] = [];
	/** What each of them is known to hold. */
	const known = new Map<Written, number>();
	let kills = 0;
	let diskFaults = 0;
	let acknowledged = 0;
	while (goesOn(kills + diskFaults)) {
		const what = written[(kills + diskFaults) % written.length] as Written;
		const place = join(folder, what);
		mkdirSync(place, {recursive: true, mode: 0o700});
		const before = known.get(what) ?? 0;
		const injection = canInject && random() < 0.5 ? injectionFor(random) : undefined;
		const command = [process.execPath, program, what, place, String(before + 1)];
		const said = Math.max(before, await endOne(command, injection, random));
		if (injection === undefined) {
			kills += 1;
		} else {
			diskFaults += 1;
		}

		acknowledged += said - before;
		const {last, notices} = await readWritten(what, place);
		// More may have been written than its writer could tell. What may be torn is the last line of a journal alone.
		if (last < said || notices.length > (what === 'journal' ? 1 : 0)) {
			const how = injection ?? 'killed';
			losses.push(`${what} (${how}): ${said} was acknowledged, ${last} is there; ${notices.join('; ')}`);
		}

		known.set(what, last);
	}

	return {kills, diskFaults, acknowledged, losses};
}

/** A failure of a disk, as strace puts it into a call: the how-manieth fsync, write or rename brings which error. */
function injectionFor(random: () => number): string {
	const calls = ['fsync', 'fdatasync', 'pwrite64', 'write', 'rename'];
	const call = calls[Math.floor(random() * calls.length)];
	return `${call}:error=${random() < 0.5 ? 'ENOSPC' : 'EIO'}:when=${1 + Math.floor(random() * 15)}`;
}

/** A writer that its failing disk does not end is killed after so many milliseconds. */
const patience = 700;

/** @returns the last number that was acknowledged; 0 where none was. */
async function endOne(
	command: readonly string[],
	injection: string | undefined,
	random: () => number,
): Promise<number> {
	const [program = '', ...rest] =
		injection === undefined
			? command
			: ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `inject=${injection}`, ...command];
	const child = spawn(program, rest, {stdio: ['ignore', 'pipe', 'ignore'], detached: true});
	const end = once(child, 'close');
	let output = '';
	child.stdout.setEncoding('latin1').on('data', (text: string) => {
		output += text;
	});
	await Promise.race([once(child.stdout, 'data'), end]);
	await Promise.race([delay(injection === undefined ? random() * 40 : patience), end]);
	killGroup(child);
	await end;
	const [, last] = /(\d+)\n[^\n]*$/.exec(output) ?? [];
	return Number(last ?? 0);
}

/** Strace's child too. */
function killGroup({pid}: ChildProcess): void {
	try {
		process.kill(-(pid ?? 0), 'SIGKILL');
	} catch {
		// All of it ended by itself.
	}
}
