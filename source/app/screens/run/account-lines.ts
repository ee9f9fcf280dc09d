import type {Resource} from '../../../model/quota-limit.ts';
import {lastMinutes} from '../../../runs/minute-rates.ts';
import type {QuotaView, RunAccount} from '../../../runs/run-state-types.ts';

export type AccountLine = {
	readonly account: RunAccount;
	/** The account's first line carries its label. */
	readonly isFirst: boolean;
	readonly resource?: Resource;
	readonly quota?: QuotaView;
};

const shownResources: readonly Resource[] = ['api', 'webhooks', 'raw', 'archive', 'git'];

/** Left out first where there is no room for all: git has sixty times the quota of the API and never fills. */
const droppedFirst: readonly Resource[] = ['git', 'archive', 'raw', 'webhooks'];

/**
A line for each account and each of its resources in use. Where there are too many, resources of which less than half is used
go, so that the bars that matter have the room.

@param room Lines up to which nothing is left out.
*/
export function accountLines(accounts: readonly RunAccount[], room: number): readonly AccountLine[] {
	let left = accounts.flatMap(linesOf);
	for (const resource of droppedFirst) {
		if (left.length <= room) {
			break;
		}

		left = left.filter(line => line.resource !== resource || !isMinor(line));
	}

	return left.map((line, index) => ({...line, isFirst: left[index - 1]?.account !== line.account}));
}

function linesOf(account: RunAccount): readonly Omit<AccountLine, 'isFirst'>[] {
	if (account.failed !== undefined) {
		return [{account}];
	}

	const inUse = shownResources.flatMap(resource => {
		const quota = account.quotas[resource];
		return quota === undefined ? [] : [{account, resource, quota}];
	});
	return inUse.length === 0 ? [{account}] : inUse;
}

function isMinor({quota}: Omit<AccountLine, 'isFirst'>): boolean {
	return quota !== undefined && quota.frozenUntil === null && quota.used * 2 <= quota.limit;
}

/** The requests of the last minutes of each line, and the greatest number among them: the charts are to be compared. */
export function chartsOf(
	lines: readonly AccountLine[],
	lastMinute: number,
	minutes: number,
): {readonly charts: ReadonlyArray<ReadonlyArray<number | undefined>>; readonly highest: number} {
	const charts = lines.map(({quota}) => lastMinutes(quota?.minutes ?? [], lastMinute, minutes));
	return {charts, highest: Math.max(0, ...charts.flat().map(requests => requests ?? 0))};
}
