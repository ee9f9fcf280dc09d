import {spawn} from 'node:child_process';
import {closeSync, existsSync, openSync} from 'node:fs';
import {readFile, rm, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {UserError} from '../system/user-error.ts';
import {findPlan} from './find.ts';
import {programCommand} from './program.ts';
import {journalPath, makeRunId} from './run-id.ts';
import type {Workplace} from './workplace.ts';

export type DetachedRun = {readonly run: string; readonly journal: string; readonly pid: number};

const pollMilliseconds = 25;
const patienceMilliseconds = 30_000;

/**
Starts a plan's run in a process of its own, which outlives this one and its terminal. A key that somebody unlocked here reaches it on
its standard input, and stands neither in its arguments nor in its environment.

@returns once its journal exists.
@throws UserError with the child's own words where it ends before that.
*/
export async function startDetachedRun(workplace: Workplace, planName: string): Promise<DetachedRun> {
	const {home, clock, environment} = workplace;
	const plan = findPlan(await workplace.store.read(), planName);
	// Where a person has to type the passphrase, that is done here: the run has nobody to ask.
	const key = (await workplace.isLocked()) ? await (await workplace.vault()).key() : undefined;
	const run = makeRunId(clock.now(), plan.name);
	const journal = journalPath(home, run);
	const log = detachedRunLog(home.runs, run);
	const output = openSync(log, 'ax', 0o600);
	const [executable, ...first] = programCommand();
	const words = [
		...first,
		'run',
		plan.name,
		'--run-id',
		run,
		...(key === undefined ? [] : ['--key-on-input']),
	];
	const child = spawn(executable, words, {
		detached: true,
		stdio: [key === undefined ? 'ignore' : 'pipe', 'ignore', output],
		env: environment,
	});
	// One that ended already reads nothing.
	child.stdin?.on('error', () => undefined);
	child.stdin?.end(`${key ?? ''}\n`);
	closeSync(output);
	let ended: string | undefined;
	child.once('error', error => {
		ended = error.message;
	});
	child.once('exit', (code, signal) => {
		ended = `it ended with ${signal ?? code}`;
	});
	child.unref();

	const deadline = clock.elapsed() + patienceMilliseconds;
	while (!existsSync(journal)) {
		if (ended !== undefined || clock.elapsed() > deadline) {
			const said = (await readFile(log, 'utf8')).trim();
			await rm(log, {force: true});
			throw new UserError(said === '' ? `The run did not start: ${ended ?? 'it says nothing'}.` : said);
		}

		await clock.wait(pollMilliseconds);
	}

	return {run, journal, pid: child.pid ?? 0};
}

/** Removes what a detached run had no need to write, at its end. */
export async function removeEmptyLog({home}: Pick<Workplace, 'home'>, run: string): Promise<void> {
	const log = detachedRunLog(home.runs, run);
	const status = await stat(log).catch(() => undefined);
	if (status?.size === 0) {
		await rm(log, {force: true});
	}
}

/** Where a detached run writes what it has no journal for. Removed at its end where nothing was written. */
export function detachedRunLog(runsFolder: string, run: string): string {
	return join(runsFolder, `${run}.log`);
}
