import type {Signs} from '../../theme.ts';

/**
A small chart in whole cells: the lowest mark stands for nothing at all, so that one request is seen, the highest for the
greatest value; a blank for what is not known.

@param highest What fills a cell: the greatest value of all charts that are to be compared.
*/
export function sparkline(
	values: ReadonlyArray<number | undefined>,
	highest: number,
	{sparks}: Pick<Signs, 'sparks'>,
): string {
	const steps = sparks.length - 1;
	return values
		.map(value => {
			if (value === undefined) {
				return ' ';
			}

			const height = value <= 0 || highest <= 0 ? 0 : Math.max(1, Math.round((value / highest) * steps));
			return sparks[Math.min(steps, height)] ?? ' ';
		})
		.join('');
}
