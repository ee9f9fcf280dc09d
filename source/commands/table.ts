import stringWidth from 'string-width';
import {sanitize} from '../system/sanitize.ts';

/**
Rows as lines of a table, the first row its head: columns as wide as their widest cell on screen, two spaces between.
Cells are sanitized here, so that nobody forgets.
*/
export function tableLines(rows: ReadonlyArray<readonly string[]>): string[] {
	const cells = rows.map(row => row.map(sanitize));
	const columns = Math.max(0, ...cells.map(row => row.length));
	const widths = Array.from({length: columns}, (_, column) =>
		Math.max(...cells.map(row => stringWidth(row[column] ?? ''))),
	);
	return cells.map(row =>
		row
			.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell)))
			.join('  ')
			.trimEnd(),
	);
}
