import type {QuotaView} from '../../../runs/run-state-types.ts';
import type {Signs} from '../../theme.ts';

/** The cells of a quota bar: what is used, what is free, and at its end the reserve that is left alone. */
export function quotaCells(
	quota: Pick<QuotaView, 'limit' | 'used' | 'reserve'>,
	width: number,
): {
	readonly used: number;
	readonly free: number;
	readonly reserve: number;
} {
	if (quota.limit <= 0 || width <= 0) {
		return {used: 0, free: Math.max(0, width), reserve: 0};
	}

	const share = (requests: number): number => (requests / quota.limit) * width;
	// One request is seen, and a bar is full only when the quota is.
	const atLeastOne = quota.used > 0 ? 1 : 0;
	const used = Math.min(width, Math.max(atLeastOne, Math.floor(share(quota.used))));
	const reserve = Math.min(
		width - used,
		quota.reserve > 0 ? Math.max(1, Math.round(share(quota.reserve))) : 0,
	);
	return {used, free: width - used - reserve, reserve};
}

export function quotaBar(
	quota: Pick<QuotaView, 'limit' | 'used' | 'reserve'>,
	width: number,
	signs: Signs,
): string {
	const {used, free, reserve} = quotaCells(quota, width);
	return `${signs.barLeft}${signs.barFull.repeat(used)}${signs.barEmpty.repeat(free)}${signs.barReserve.repeat(reserve)}${signs.barRight}`;
}
