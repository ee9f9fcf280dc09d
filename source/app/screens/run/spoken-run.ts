import type {QuotaView, RunRepository} from '../../../runs/run-state-types.ts';
import {bytesText, clockText, durationText, numberText, plural} from '../../words.ts';
import type {AccountLine} from './account-lines.ts';
import {type RowMoment, stateWords} from './row-words.ts';

/* A run as it is read aloud: the same facts as its bars and columns show, in words. */

type Moment = {readonly state: 'live' | 'paused' | 'over'; readonly now: number};

/** An account's resource: what is used of its limit, when it frees, why nothing or less goes through it. */
export function spokenQuota(line: AccountLine, moment: Moment): ReadonlyArray<string | undefined> {
	const {account, resource, quota} = line;
	const others = account.credentials.length - 1;
	const name = others > 0 ? `${account.label} and ${plural(others, 'more credential')}` : account.label;
	if (account.failed !== undefined) {
		const rest = moment.state === 'over' ? '' : ' The run goes on without it.';
		return [name, `failed: ${account.failed.reason}${rest}`];
	}

	if (quota === undefined) {
		return [name, 'not used yet'];
	}

	const used = `${numberText(quota.used)} of ${numberText(quota.limit)} used`;
	const told = quota.source === 'server' ? 'the limit is told by Bitbucket' : undefined;
	const reserve = quota.reserve > 0 ? `${numberText(quota.reserve)} kept in reserve` : undefined;
	if (moment.state === 'over') {
		const sent = (resource === undefined ? undefined : account.sent?.requests[resource]) ?? quota.sent;
		const throttled = line.isFirst ? (account.sent?.throttled ?? 0) : 0;
		return [
			name,
			resource,
			sent === undefined ? undefined : `${numberText(sent)} sent`,
			throttled > 0 ? `${numberText(throttled)} answered 429` : undefined,
			used,
			reserve,
			told,
		];
	}

	return [
		name,
		resource,
		used,
		reserve,
		freesText(quota, moment),
		quota.others > 0 ? `others sent ${numberText(quota.others)}` : undefined,
		quota.oneByOne ? 'requests go one by one' : undefined,
		told,
		`${plural(quota.perMinute, 'request')} a minute`,
	];
}

function freesText(
	{frozenUntil, ledgerLost, remaining, resets}: QuotaView,
	moment: Moment,
): string | undefined {
	const when = (iso: string): string =>
		moment.state === 'paused'
			? `at ${clockText(iso)}`
			: `in ${durationText(Math.max(0, Date.parse(iso) - moment.now))}`;
	if (frozenUntil !== null) {
		return `${ledgerLost ? 'its ledger was lost' : 'answered 429'}, goes on ${when(frozenUntil)}`;
	}

	if (remaining <= 0) {
		return resets === null ? 'used up' : `used up, frees ${when(resets)}`;
	}

	return resets === null ? undefined : `frees ${when(resets)}`;
}

/** A repository of a run: its state, and how far it is or what came of it. */
export function spokenRepository(
	name: string,
	repository: RunRepository | undefined,
	moment: RowMoment,
): ReadonlyArray<string | undefined> {
	if (repository === undefined) {
		return [name, moment === 'over' ? 'not begun' : 'waiting'];
	}

	const {state, stage, done = 0, total = 0, unit, problems, bytes, startedAt, finishedAt} = repository;
	if (state === 'running') {
		if (moment === 'over') {
			return [name, 'not finished: the next run goes on from there'];
		}

		const amount = (count: number): string => (unit === 'bytes' ? bytesText(count) : numberText(count));
		const counted = unit === undefined || unit === 'bytes' ? '' : ` ${unit}`;
		return [
			name,
			{live: 'running', held: 'waits', paused: 'paused'}[moment],
			(stage ?? 'starting').replace('-', ' '),
			total > 0
				? `${amount(done)} of ${amount(total)}${counted}`
				: done > 0
					? `${amount(done)}${counted}`
					: undefined,
		];
	}

	const sent = Object.values(repository.requests ?? {}).reduce((sum, count) => sum + count, 0);
	const took =
		finishedAt === undefined ? undefined : durationText(Date.parse(finishedAt) - Date.parse(startedAt));
	return problems.length > 0
		? [name, `${stateWords[state]}: ${problems.join(' ')}`]
		: [
				name,
				stateWords[state],
				took,
				bytes > 0 ? bytesText(bytes) : undefined,
				sent > 0 ? plural(sent, 'request') : undefined,
			];
}
