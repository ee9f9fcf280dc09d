import type {IBufferCell, Terminal} from '@xterm/headless';

/** A run of cells that look alike. */
type Stretch = {readonly column: number; readonly width: number; readonly text: string; readonly look: Look};

type Look = {
	readonly foreground: string;
	readonly background: string | undefined;
	readonly bold: boolean;
	readonly italic: boolean;
	readonly underline: boolean;
	readonly dim: boolean;
};

const cellWidth = 8.4;
const cellHeight = 18;
const padding = 12;
const titleBar = 28;

const defaultForeground = '#d8dee9';
const defaultBackground = '#1b1f27';

/** The sixteen colours as a dark terminal shows them. */
const palette = [
	'#2a2f3a',
	'#e06c75',
	'#8fbf7f',
	'#e5c07b',
	'#6fa8dc',
	'#c58fd8',
	'#5fb8c0',
	'#c8ced9',
	'#6b7486',
	'#f08a92',
	'#a6d695',
	'#f0d190',
	'#8fc1ef',
	'#d8aae8',
	'#7fd0d8',
	'#ffffff',
] as const;

/**
Draws what a terminal shows as an SVG picture, cell by cell, in a plain window frame.

@param title Stands in the window's title bar and is the picture's text for screen readers.
*/
export function terminalSvg(terminal: Terminal, title: string): string {
	const width = terminal.cols * cellWidth + 2 * padding;
	const height = terminal.rows * cellHeight + 2 * padding + titleBar;
	const rows = Array.from({length: terminal.rows}, (_, row) => rowSvg(terminal, row));
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-label="${escapeXml(title)}">`,
		`<title>${escapeXml(title)}</title>`,
		`<rect width="100%" height="100%" rx="8" fill="${defaultBackground}"/>`,
		`<text x="${round(width / 2)}" y="19" text-anchor="middle" font-family="sans-serif" font-size="12" fill="#8b93a3">${escapeXml(title)}</text>`,
		'<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="14" xml:space="preserve">',
		...rows.filter(row => row !== ''),
		'</g>',
		'</svg>',
		'',
	].join('\n');
}

function rowSvg(terminal: Terminal, row: number): string {
	const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row);
	const stretches: Stretch[] = [];
	for (let column = 0; column < terminal.cols; column += 1) {
		const cell = line?.getCell(column);
		if (cell === undefined || cell.getWidth() === 0) {
			continue;
		}

		append(stretches, column, cell);
	}

	const top = padding + titleBar + row * cellHeight;
	return stretches.map(stretch => stretchSvg(stretch, top)).join('');
}

function append(stretches: Stretch[], column: number, cell: IBufferCell): void {
	const look = lookOf(cell);
	const text = cell.getChars() === '' ? ' ' : cell.getChars();
	const width = cell.getWidth();
	const last = stretches.at(-1);
	if (last !== undefined && width === 1 && canFollow(last.text, text) && sameLook(last.look, look)) {
		stretches[stretches.length - 1] = {...last, width: last.width + 1, text: last.text + text};
	} else {
		stretches.push({column, width, text, look});
	}
}

/** A character that is wider than its cell would push those after it: it stands alone, or among its like. */
function canFollow(before: string, text: string): boolean {
	return (isPlain(text) && isPlain(before)) || before === text.repeat(before.length);
}

function isPlain(text: string): boolean {
	return /^[\u0020-\u024f]*$/.test(text);
}

function stretchSvg({column, width, text, look}: Stretch, top: number): string {
	const x = round(padding + column * cellWidth);
	const box =
		look.background === undefined
			? ''
			: `<rect x="${x}" y="${top}" width="${round(width * cellWidth)}" height="${cellHeight}" fill="${look.background}"/>`;
	if (text.trim() === '') {
		return box;
	}

	const style = [
		`fill="${look.foreground}"`,
		look.bold ? 'font-weight="bold"' : '',
		look.italic ? 'font-style="italic"' : '',
		look.underline ? 'text-decoration="underline"' : '',
		look.dim ? 'opacity="0.6"' : '',
	].filter(part => part !== '');
	const length = `textLength="${round(width * cellWidth)}" lengthAdjust="spacingAndGlyphs"`;
	return `${box}<text x="${x}" y="${top + 13.5}" ${style.join(' ')} ${length}>${escapeXml(text)}</text>`;
}

function lookOf(cell: IBufferCell): Look {
	const foreground = colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor());
	const background = colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor());
	const isInverse = cell.isInverse() !== 0;
	return {
		foreground: (isInverse ? (background ?? defaultBackground) : foreground) ?? defaultForeground,
		background: isInverse ? (foreground ?? defaultForeground) : background,
		bold: cell.isBold() !== 0,
		italic: cell.isItalic() !== 0,
		underline: cell.isUnderline() !== 0,
		dim: cell.isDim() !== 0,
	};
}

function colour(isDefault: boolean, isDirect: boolean, value: number): string | undefined {
	if (isDefault) {
		return undefined;
	}

	return isDirect ? hexadecimal(value) : paletteColour(value);
}

/** The 256 colours of xterm: sixteen named ones, a cube of 6 × 6 × 6, and 24 greys. */
function paletteColour(index: number): string {
	const named = palette[index];
	if (named !== undefined) {
		return named;
	}

	if (index >= 232) {
		const grey = 8 + (index - 232) * 10;
		return hexadecimal(grey * 0x1_01_01);
	}

	const step = (part: number): number => (part === 0 ? 0 : 55 + part * 40);
	const cube = index - 16;
	return hexadecimal(
		step(Math.floor(cube / 36)) * 0x1_00_00 + step(Math.floor(cube / 6) % 6) * 0x1_00 + step(cube % 6),
	);
}

function hexadecimal(value: number): string {
	return `#${value.toString(16).padStart(6, '0')}`;
}

function sameLook(left: Look, right: Look): boolean {
	return (
		left.foreground === right.foreground &&
		left.background === right.background &&
		left.bold === right.bold &&
		left.italic === right.italic &&
		left.underline === right.underline &&
		left.dim === right.dim
	);
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}

function escapeXml(text: string): string {
	return text
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;');
}
