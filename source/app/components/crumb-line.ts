import {cut, fit, widthOf} from '../cells.ts';
import type {Signs} from '../theme.ts';

/** Cells that the way keeps however much there is to say beside it. */
const leastWay = 16;

/**
The breadcrumbs with the state beside them, in exactly so many cells with a blank between them. Where there is little
room the beginning of the way is left out, for its end is where one is; then the state is cut.
*/
export function crumbLine({
	crumbs,
	status,
	width,
	signs,
}: {
	readonly crumbs: readonly string[];
	readonly status: string;
	readonly width: number;
	readonly signs: Pick<Signs, 'separator' | 'ellipsis'>;
}): {readonly way: string; readonly status: string} {
	const separator = ` ${signs.separator} `;
	const whole = crumbs.join(separator);
	const shownStatus = cut(status, Math.max(0, width - 1 - Math.min(widthOf(whole), leastWay)));
	const room = Math.max(0, width - 1 - widthOf(shownStatus));
	for (let first = 0; first < crumbs.length; first += 1) {
		const rest = crumbs.slice(first);
		const way = [...(first === 0 ? [] : [signs.ellipsis]), ...rest].join(separator);
		if (widthOf(way) <= room || rest.length === 1) {
			return {way: fit(way, room), status: shownStatus};
		}
	}

	return {way: fit(whole, room), status: shownStatus};
}
