import {Command} from 'commander';
import {listRuns} from '../actions/runs.ts';
import {countOf, formatBytes, formatNumber, formatSpan} from '../runs/amounts.ts';
import type {RunSummary} from '../runs/run-list.ts';
import {printTable} from './organization.ts';
import type {Shell} from './shell.ts';
import {withWorkplace} from './with-workplace.ts';

export function runsCommand(shell: Shell): Command {
	return new Command('runs')
		.description('list the runs, newest first')
		.option('--json', 'print JSON')
		.action(async ({json}: {json?: boolean}) => {
			await withWorkplace(shell, async workplace => {
				const runs = await listRuns(workplace);
				if (json) {
					shell.json(runs);
				} else {
					printTable(
						shell,
						['run', 'status', 'took', 'repositories', 'requests', 'data'],
						runs.map(runRow),
						'Nothing was run yet. Run a plan with: bucket-brigade run PLAN',
					);
				}

				return 0;
			});
		});
}

function runRow({
	run,
	status,
	isPaused,
	durationMs,
	counts,
	requests,
	throttled,
	bytes,
}: RunSummary): string[] {
	const parts = [
		[counts.backedUp, 'backed up'],
		[counts.unchanged, 'unchanged'],
		[counts.partial, 'partial'],
		[counts.failed, 'failed'],
	] as const;
	const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatNumber(count)} ${word}`);
	return [
		run,
		isPaused ? 'paused' : status,
		formatSpan(durationMs),
		words.length > 0 ? words.join(', ') : countOf(counts.total, 'repository', 'repositories'),
		throttled > 0
			? `${formatNumber(requests)}, ${formatNumber(throttled)} throttled`
			: formatNumber(requests),
		formatBytes(bytes),
	];
}
