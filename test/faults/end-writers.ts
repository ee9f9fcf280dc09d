import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {bundleScript} from './bundled-script.ts';
import {journalIn, readWritten, type Written, written} from './written.ts';

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
	/** Errors of a disk: of the system, put into calls of writers, which were killed after a while. */
	readonly diskFaults: number;
	/** Writings that had been acknowledged until then. */
	readonly acknowledged: number;
	/** What was lost or torn, in sentences. */
	readonly losses: readonly string[];
};

/**
Ends processes that write to the store, the vault, the ledger and the journal: kills them at random moments, every fourth one
after its disk has failed now and then; and looks at what is left.
*/
export async function endWriters({folder, random, goesOn}: WritersOptions): Promise<EndedWriters> {
	const program = join(folder, 'writer.mjs');
	await bundleScript(fileURLToPath(new URL('writer.ts', import.meta.url)), program);
	const canInject = spawnSync('strace', [...quickTracing, '-e', 'trace=fsync', 'true']).status === 0;
	const losses: string[] = [];
	/** What each of them is known to hold. */
	const known = new Map<Written, number>();
	let ended = 0;
	let kills = 0;
	let diskFaults = 0;
	let acknowledged = 0;
	while (goesOn(ended)) {
		const what = written[ended % written.length] as Written;
		const place = join(folder, what);
		mkdirSync(place, {recursive: true, mode: 0o700});
		const before = known.get(what) ?? 0;
		const injection = canInject && random() < 0.25 ? injectionFor(what, place, random) : undefined;
		const command = [process.execPath, program, what, place, String(before + 1)];
		const end = await endOne(command, injection, random, folder);
		const said = Math.max(before, end.said);
		ended += 1;
		kills += Number(end.isKilled);
		diskFaults += end.faults;
		acknowledged += said - before;
		const {last, notices} = await readWritten(what, place);
		// More may have been written than its writer could tell. What may be torn are lines of a journal alone: its last, and failed ones.
		if (last < said || notices.length > (what === 'journal' ? 1 + end.faults : 0)) {
			const how = injection?.what ?? 'killed';
			losses.push(`${what} (${how}): ${said} was acknowledged, ${last} is there; ${notices.join('; ')}`);
		}

		known.set(what, last);
	}

	return {kills, diskFaults, acknowledged, losses};
}

/** Stops a program only in the calls that are meant. */
const quickTracing = ['-f', '--seccomp-bpf', '-qq'] as const;

type Injection = {readonly call: string; readonly what: string; readonly path?: string};

/** The calls with which each of them comes to its disk. */
const callsOf: Readonly<Record<Written, readonly string[]>> = {
	store: ['fsync', 'rename', 'write'],
	vault: ['fsync', 'rename', 'write'],
	ledger: ['pwrite64'],
	journal: ['write'],
};

/** Failures of a disk, as strace puts them into a call: from which one on every how-manieth brings which error. */
function injectionFor(what: Written, place: string, random: () => number): Injection {
	const calls = callsOf[what];
	const call = calls[Math.floor(random() * calls.length)] ?? 'write';
	const [first, step] = [1, 2].map(least => least + Math.floor(random() * 9));
	return {
		call,
		what: `${call}:error=${random() < 0.5 ? 'ENOSPC' : 'EIO'}:when=${first}+${step}`,
		// Elsewhere the names of files are new each time, so that what it says, and how its threads wake each other, fails as well.
		...(what === 'journal' ? {path: journalIn(place)} : {}),
	};
}

/** How long a writer goes on whose disk fails, in milliseconds. */
const patience = 300;

/** @returns the last number that was acknowledged, 0 where none was; how it ended; how many calls failed. */
async function endOne(
	command: readonly string[],
	injection: Injection | undefined,
	random: () => number,
	folder: string,
): Promise<{readonly said: number; readonly isKilled: boolean; readonly faults: number}> {
	const log = join(folder, 'calls');
	const [program = '', ...rest] =
		injection === undefined
			? command
			: [
					...['strace', ...quickTracing, '-o', log, '-e', `trace=${injection.call}`],
					...(injection.path === undefined ? [] : ['-P', injection.path]),
					...['-e', `inject=${injection.what}`, ...command],
				];
	const child = spawn(program, rest, {
		stdio: ['ignore', 'pipe', 'ignore'],
		detached: true,
		// Most of a writer's life is its start.
		env: {...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled')},
	});
	const end = once(child, 'close');
	let output = '';
	child.stdout.setEncoding('latin1').on('data', (text: string) => {
		output += text;
	});
	await Promise.race([once(child.stdout, 'data'), delay(slowestStart), end]);
	await Promise.race([delay(injection === undefined ? random() * 40 : patience), end]);
	const isKilled = killGroup(child);
	await end;
	const [, last] = /(\d+)\n[^\n]*$/.exec(output) ?? [];
	const faults = injection === undefined ? 0 : readFileSync(log, 'latin1').split('(INJECTED)').length - 1;
	return {said: Number(last ?? 0), isKilled, faults};
}

/** Where the first calls fail already, a writer says nothing at all; milliseconds. */
const slowestStart = 3000;

/** Strace's child too. @returns false where all of it had ended by itself. */
function killGroup({pid}: ChildProcess): boolean {
	try {
		process.kill(-(pid ?? 0), 'SIGKILL');
		return true;
	} catch {
		return false;
	}
}
