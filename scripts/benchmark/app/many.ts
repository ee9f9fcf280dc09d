import type {RepositoryTile} from '../../../source/actions/repositories.ts';
import type {RunSummary} from '../../../source/runs/run-list.ts';
import {now} from '../../../test/app/fake-services.ts';

/* Lists as long as one wants them. */

export function manyRepositories(count: number): readonly RepositoryTile[] {
	const lastRunAt = new Date(now - 3_600_000).toISOString();
	return Array.from({length: count}, (_, index): RepositoryTile => {
		const slug = `repository-${String(index).padStart(5, '0')}`;
		return {
			name: slug,
			slug,
			uuid: `{${index}}`,
			size: 1000 * (index + 1),
			isUpstream: true,
			plans: ['nightly'],
			backup: {
				workspace: 'acme',
				uuid: `{${index}}`,
				slug,
				plan: 'nightly',
				lastRunAt,
				lastBackupAt: lastRunAt,
				status: index % 40 === 0 ? 'partial' : 'backed-up',
				snapshot: '20261122T113000.000Z',
				bytes: 2000 * (index + 1),
			},
		};
	});
}

export function manyRuns(count: number): readonly RunSummary[] {
	return Array.from({length: count}, (_, index): RunSummary => {
		const startedAt = new Date(now - index * 86_400_000).toISOString();
		return {
			run: `${startedAt.replaceAll(/[-:]/g, '')}-nightly`,
			plan: 'nightly',
			organization: 'acme',
			startedAt,
			finishedAt: startedAt,
			status: index % 7 === 0 ? 'partial' : 'succeeded',
			counts: {total: 398, backedUp: 41, unchanged: 356, partial: index % 7 === 0 ? 1 : 0, failed: 0},
			requests: 3420,
			throttled: 0,
			bytes: 1_400_000,
			durationMs: 290_000,
			problems: [],
			journal: '/home/runs/x.ndjson',
		};
	});
}
