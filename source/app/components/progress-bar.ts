import type {Signs} from '../theme.ts';

/** How far something has come, as a bar of whole cells. */
export function progressBar(done: number, total: number, width: number, signs: Signs): string {
	const full = total > 0 ? Math.min(width, Math.floor((done / total) * width)) : 0;
	return `${signs.barLeft}${signs.barFull.repeat(full)}${' '.repeat(width - full)}${signs.barRight}`;
}
