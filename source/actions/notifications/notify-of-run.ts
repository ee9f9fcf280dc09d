import {openJournal} from '../../runs/journal.ts';
import {listRuns} from '../../runs/run-list.ts';
import {isWorthALook, newsLines, type RunNews} from '../../runs/run-news.ts';
import {journalPath} from '../run-id.ts';
import type {Workplace} from '../workplace.ts';
import {tell} from './tell.ts';

/** So many of a plan's runs are looked at: one that began in the meantime may be among them. */
const newestRuns = 5;

/**
Tells of a run that has ended, where that is wanted. Called once for each run.

@returns why it could not be told, in one sentence, which then stands in the run's journal too. Never throws.
*/
export async function notifyOfRun(
	workplace: Workplace,
	news: Omit<RunNews, 'brokenBefore'>,
): Promise<string | undefined> {
	const {run, plan, outcome} = news;
	let problem: string | undefined;
	try {
		const {notifications} = (await workplace.store.read()).settings;
		if (notifications === undefined) {
			return undefined;
		}

		const whole = {...news, brokenBefore: await findBrokenBefore(workplace, plan, run)};
		if (notifications.when === 'problems' && !isWorthALook(whole)) {
			return undefined;
		}

		({problem} = await tell(workplace, notifications, {
			lines: newsLines(whole),
			run,
			plan,
			status: outcome.status,
		}));
	} catch (error) {
		problem = `Nobody was told of the run: ${error instanceof Error ? error.message : String(error)}`;
	}

	if (problem !== undefined) {
		await journalProblem(workplace, run, problem);
	}

	return problem;
}

/** The run of the same plan before this one, where it ended without a last word: it told nobody. */
async function findBrokenBefore(
	{home}: Pick<Workplace, 'home'>,
	plan: string,
	run: string,
): Promise<string | undefined> {
	const runs = await listRuns(home.runs, {plan, newest: newestRuns, isAlive: () => false});
	const before = runs.find(other => other.run < run);
	return before?.status === 'interrupted' ? before.run : undefined;
}

async function journalProblem(
	{home, clock}: Pick<Workplace, 'home' | 'clock'>,
	run: string,
	reason: string,
): Promise<void> {
	try {
		const journal = openJournal(journalPath(home, run), run, clock);
		try {
			journal.write({type: 'notification-failed', reason});
		} finally {
			await journal.close();
		}
	} catch {
		// Whoever started the run hears of it all the same.
	}
}
