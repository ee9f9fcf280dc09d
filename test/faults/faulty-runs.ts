import {join} from 'node:path';
import {startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {readMirror} from '../backup/mirror-reader.ts';
import {destinationOf, runAgainstSandbox, type SandboxRun} from '../backup/run-against-sandbox.ts';
import {refsIn} from '../backup/upstream-repository.ts';
import {type FaultKind, type FaultProxy, startFaultProxy} from './fault-proxy.ts';
import {createQuickClock} from './quick-clock.ts';

export type FaultyRunsOptions = {
	readonly folder: string;
	readonly random: () => number;
	/** Whether another run is to be made, after so many faults. */
	readonly goesOn: (faults: number) => boolean;
	/** The part of requests that something is done to. */
	readonly rate: number;
};

export type FaultyRuns = {
	readonly runs: number;
	readonly faults: Readonly<Record<FaultKind, number>>;
	/** How the runs ended. */
	readonly statuses: Readonly<Record<string, number>>;
	readonly losses: readonly string[];
};

/**
Runs a plan again and again over a network that fails, while people push; looks at the end, over a network that is well, whether
all of it is backed up. The pauses between tries are short, so that there are many of them.
*/
export async function runOverFaults({folder, random, goesOn, rate}: FaultyRunsOptions): Promise<FaultyRuns> {
	let started: FaultProxy | undefined;
	const sandbox = await startSandbox({
		repositories: 3,
		pullRequests: 2,
		limits: {api: {requests: 10_000_000, windowMilliseconds: 3_600_000}},
		front: async target => {
			started = await startFaultProxy({target, random});
			return started.origin;
		},
	});
	const proxy = started as unknown as FaultProxy;
	const run: SandboxRun = {
		folder: join(folder, 'run'),
		workspace: sandbox.workspace,
		apiUrl: sandbox.apiUrl,
		gitUrl: sandbox.gitUrl,
		credentials: sandbox.credentials.filter(({label}) => ['primary', 'bot-1', 'bot-2'].includes(label)),
		plan: {data: ['git', 'lfs', 'pull-requests', 'settings', 'downloads']},
	};
	const clock = createQuickClock(20);
	const statuses: Record<string, number> = {};
	const losses: string[] = [];
	const total = (): number => Object.values(proxy.counts).reduce((sum, count) => sum + count, 0);
	let runs = 0;
	try {
		while (goesOn(total())) {
			const slug = sandbox.world.repositories.find(({mainBranch}) => mainBranch !== undefined)?.slug ?? '';
			await sandbox.repository(slug).commit({
				branch: `work-${runs % 3}`,
				files: {[`file-${runs}.txt`]: `${runs} ${random()}\n`.repeat(500)},
			});
			proxy.setRate(rate);
			// A workspace that cannot even be listed is refused before the run begins.
			const status = await runAgainstSandbox(run, undefined, clock).then(
				outcome => outcome.status,
				(error: Error) => (error.name === 'UserError' ? 'refused' : `threw ${error.message}`),
			);
			runs += 1;
			statuses[status] = (statuses[status] ?? 0) + 1;
			if (status.startsWith('threw')) {
				losses.push(`run ${runs} ${status}`);
			}
		}

		proxy.setRate(0);
		const last = await runAgainstSandbox(run, undefined, clock);
		if (last.status !== 'succeeded') {
			losses.push(`over a network that is well, the run ${last.status}: ${last.problems.join('; ')}`);
		}

		for (const {slug} of sandbox.world.repositories) {
			const mirror = readMirror(join(destinationOf(run), sandbox.workspace), slug);
			const upstream = refsIn(join(sandbox.folder, 'git', sandbox.workspace, `${slug}.git`));
			const lacking = [...upstream].filter(
				([name, id]) => !name.startsWith('refs/sandbox/') && mirror.mirrored().get(name) !== id,
			);
			if (lacking.length > 0 || mirror.fsck() !== '') {
				losses.push(`${slug}: ${lacking.length} refs lack; ${mirror.fsck()}`);
			}
		}

		return {runs, faults: {...proxy.counts}, statuses, losses};
	} finally {
		await proxy.close();
		await sandbox.close();
	}
}
