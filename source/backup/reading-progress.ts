import type {Demand, RequestRange} from '../accounts/demand.ts';
import type {RunReport, Stage} from '../runs/events.ts';

/** What a repository still takes, told by how far it is: how many pull requests it has is known only then. */
export type ReadingProgress = {
	/** Told of every report of a run. */
	readonly heard: (report: RunReport) => void;
	/** @param left What a repository still takes as far as was expected before. */
	readonly correct: (slug: string, left: Demand) => Demand;
};

type Reading = {
	readonly stage: Stage;
	readonly unit: string | undefined;
	readonly done: number;
	readonly total: number;
	/** How far the stage was when it was first heard of, and what had been sent by then. */
	readonly firstDone: number;
	readonly firstSent: number;
};

/** @param sentFor `api` requests sent for a repository so far. */
export function createReadingProgress(sentFor: (slug: string) => number): ReadingProgress {
	const readings = new Map<string, Reading>();
	return {
		heard: report => {
			if (report.type === 'repository-finished') {
				readings.delete(report.repository);
			} else if (report.type === 'repository-progress') {
				const {repository, stage, unit, done, total} = report;
				// These stages are not a repository's, though one may be called like its workspace.
				if (stage === 'workspace' || stage === 'snippets') {
					return;
				}

				const before = readings.get(repository);
				const first =
					before?.stage === stage && before.total > 0
						? before
						: {firstDone: done, firstSent: sentFor(repository)};
				const {firstDone, firstSent} = first;
				readings.set(repository, {stage, unit, done, total, firstDone, firstSent});
			}
		},
		correct: (slug, left) => {
			const reading = readings.get(slug);
			return reading === undefined ? left : corrected(reading, sentFor(slug), left);
		},
	};
}

/** Comments or tasks, and the activity: what a pull request takes until it is known better. */
const usualRequests = 2;

/** A kind of settings may take a request for each element of another one, and the list of downloads comes after them. */
const moreThanKinds = {low: 0, likely: 1, high: 10};

function corrected(reading: Reading, sent: number, left: Demand): Demand {
	const {stage, unit, done, total, firstDone, firstSent} = reading;
	const rest = Math.max(0, total - done);
	if (stage === 'pull-requests' && total > 0) {
		const each = done > firstDone ? (sent - firstSent) / (done - firstDone) : usualRequests;
		const least = left.api?.low ?? 0;
		const likely = Math.max(least, rest * each);
		return {
			...left,
			api: {low: Math.max(least, (rest * each) / 2), likely, high: Math.max(likely, rest * each * 2)},
		};
	}

	if (stage === 'settings' && unit === 'kinds') {
		const {api = nothing, webhooks: _, ...others} = left;
		return {
			...others,
			api: {
				low: Math.min(api.low, rest) + moreThanKinds.low,
				likely: rest + moreThanKinds.likely,
				high: rest + moreThanKinds.high,
			},
		};
	}

	if (stage === 'downloads') {
		return {raw: {low: 0, likely: rest, high: rest}};
	}

	// All is read.
	return stage === 'snapshot' ? {} : left;
}

const nothing: RequestRange = {low: 0, likely: 0, high: 0};
