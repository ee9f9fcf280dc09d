export type Size = {readonly columns: number; readonly rows: number};

/** Below this nothing useful fits. */
export const smallestSize: Size = {columns: 40, rows: 12};

/** A part of the screen; its left upper cell is counted from 0. */
export type Rectangle = Size & {readonly x: number; readonly y: number};

/** The parts of every screen, from top to bottom; heights and widths in cells. */
export type FrameLayout = {
	readonly isTooSmall: boolean;
	/** An empty line between the breadcrumbs and the body, where there is room for it. */
	readonly hasGap: boolean;
	readonly body: Size;
	/** Lines for what was just said. */
	readonly flashRows: number;
	/** Where each part lies. */
	readonly areas: Readonly<Record<'title' | 'crumbs' | 'body' | 'flash' | 'footer', Rectangle>>;
};

/**
One title line, one breadcrumb line, the body, the flash, one footer line.

@param flashRows Lines that what was just said would need: one is always kept, and a long error may take some of the body, so that what to do about it can be read.
*/
export function frameLayout({columns, rows}: Size, flashRows = 1): FrameLayout {
	const hasGap = rows >= 20;
	const most = rows >= 20 ? 4 : 3;
	const flash = Math.max(1, Math.min(flashRows, most));
	const body = {columns: Math.max(0, columns - 2), rows: Math.max(0, rows - 3 - flash - (hasGap ? 1 : 0))};
	const top = hasGap ? 3 : 2;
	const line = (y: number): Rectangle => ({x: 0, y, columns, rows: 1});
	return {
		isTooSmall: columns < smallestSize.columns || rows < smallestSize.rows,
		hasGap,
		body,
		flashRows: flash,
		areas: {
			title: line(0),
			crumbs: line(1),
			body: {x: 1, y: top, ...body},
			flash: {x: 0, y: top + body.rows, columns, rows: flash},
			footer: line(rows - 1),
		},
	};
}

export type TilesLayout = {
	/** Width of the list of organizations beside the tiles; 0 where there is no room for it. */
	readonly listWidth: number;
	readonly tileWidth: number;
	readonly tileHeight: number;
	readonly tilesAcross: number;
	readonly tilesDown: number;
};

const smallestTile = 28;
const largestTile = 44;

/** Organizations at the left, tiles of repositories beside them: as many as fit, at least one. */
export function tilesLayout({columns, rows}: Size): TilesLayout {
	const listWidth = columns >= 76 ? Math.min(28, Math.floor(columns / 4)) : 0;
	const room = Math.max(smallestTile, columns - listWidth - (listWidth > 0 ? 1 : 0));
	const tilesAcross = Math.max(1, Math.floor((room + 1) / (smallestTile + 1)));
	const tileWidth = Math.min(largestTile, Math.floor((room + 1) / tilesAcross) - 1);
	const tileHeight = 6;
	return {
		listWidth,
		tileWidth,
		tileHeight,
		tilesAcross,
		tilesDown: Math.max(1, Math.floor(rows / tileHeight)),
	};
}

/** Where the tiles of one page lie, row by row, below one another in the body. */
export function tileRectangles(layout: TilesLayout, body: Rectangle, count: number): readonly Rectangle[] {
	const {listWidth, tileWidth, tileHeight, tilesAcross, tilesDown} = layout;
	return Array.from({length: Math.min(count, tilesAcross * tilesDown)}, (_, index) => ({
		x: body.x + listWidth + (index % tilesAcross) * (tileWidth + 1),
		y: body.y + Math.floor(index / tilesAcross) * tileHeight,
		columns: tileWidth,
		rows: tileHeight,
	}));
}

/** Read aloud, one repository comes after the other. */
export function spokenTilesLayout({columns, rows}: Size): TilesLayout {
	return {
		listWidth: Math.min(28, columns),
		tileWidth: columns,
		tileHeight: 1,
		tilesAcross: 1,
		tilesDown: Math.max(1, rows - 4),
	};
}

export type RunLayout = {
	/** A line for how fast it goes and what holds it, where there is room for it. */
	readonly hasPace: boolean;
	/** Lines for accounts; the rest is for repositories. */
	readonly accountRows: number;
	readonly listRows: number;
	readonly labelWidth: number;
	readonly resourceWidth: number;
	readonly barWidth: number;
	/** Used and limit. */
	readonly countsWidth: number;
	/** Who says how large the limit is, with a blank around it; a mere blank where it is narrow. */
	readonly toldWidth: number;
	/** When it frees, or what else is to be said of it. */
	readonly stateWidth: number;
	/** Requests in the last minute; 0 where there is no room for them. */
	readonly rateWidth: number;
	/** Minutes of the chart beside it, a cell each. */
	readonly chartWidth: number;
};

/** Lines for accounts up to which those of less weight are shown too; a list of repositories is worth more. */
export function minorAccountRows({rows}: Size): number {
	return Math.max(1, Math.floor((rows - 4) / 3));
}

/** The live run: quota bars above, repositories below. Accounts may take half of the body. */
export function runLayout({columns, rows}: Size, accountLines: number): RunLayout {
	const hasPace = rows >= 12;
	const accountRows = Math.max(1, Math.min(accountLines, Math.floor((rows - 4) / 2)));
	const isNarrow = columns < 60;
	const isWide = columns >= 110;
	const hasRate = columns >= 76;
	const widths = {
		labelWidth: columns >= 90 ? 16 : hasRate ? 12 : isNarrow ? 8 : 10,
		resourceWidth: isNarrow ? 4 : 8,
		countsWidth: isNarrow ? 11 : 12,
		toldWidth: isNarrow ? 1 : 3,
		stateWidth: isWide ? 24 : isNarrow ? 7 : 13,
		rateWidth: hasRate ? 7 : 0,
		chartWidth: isWide ? 12 : hasRate ? 6 : 0,
	};
	// Beside them a blank behind the label, both ends of the bar, and a blank before the chart.
	const fixed = Object.values(widths).reduce((sum, width) => sum + width, 3 + (hasRate ? 1 : 0));
	return {
		...widths,
		hasPace,
		accountRows,
		// Two headings and the empty line between the parts.
		listRows: Math.max(1, rows - accountRows - 3 - (hasPace ? 1 : 0)),
		barWidth: Math.max(4, Math.min(60, columns - fixed)),
	};
}

export type WindowOfList = {readonly first: number; readonly count: number};

/** The part of a list that is shown: as much as fits, with a margin around the cursor. */
export function listWindow(options: {
	readonly length: number;
	readonly cursor: number;
	readonly height: number;
	/** First entry shown before. */
	readonly first: number;
}): WindowOfList {
	const {length, cursor} = options;
	const height = Math.max(1, options.height);
	const margin = Math.min(2, Math.floor((height - 1) / 2));
	const lowest = Math.max(0, cursor + margin + 1 - height);
	const highest = Math.max(0, cursor - margin);
	const wanted = Math.min(Math.max(options.first, lowest), highest);
	const first = Math.max(0, Math.min(wanted, length - height));
	return {first, count: Math.max(0, Math.min(height, length - first))};
}
