/** What a text means; how that looks is decided here alone. */
export type Tone = 'plain' | 'muted' | 'accent' | 'good' | 'attention' | 'bad' | 'selected' | 'title';

export type Look = {
	readonly color?: string;
	readonly dimColor?: boolean;
	readonly bold?: boolean;
	readonly inverse?: boolean;
};

/**
Sixteen colours, so that the terminal's own scheme decides how they look on dark and light. No state rests on red against
green: good is cyan, bad is red and bold, and each has its own sign beside it.
*/
const looks: Readonly<Record<Tone, Look>> = {
	plain: {},
	muted: {dimColor: true},
	accent: {color: 'cyan'},
	good: {color: 'cyan'},
	attention: {color: 'yellow'},
	bad: {color: 'red', bold: true},
	selected: {bold: true},
	title: {bold: true},
};

export function lookOf(tone: Tone): Look {
	return looks[tone];
}

/** Signs and lines, in Unicode where the terminal has it, else in ASCII. */
export type Signs = {
	readonly good: string;
	readonly attention: string;
	readonly bad: string;
	readonly same: string;
	readonly gone: string;
	readonly none: string;
	readonly waiting: string;
	readonly paused: string;
	readonly separator: string;
	readonly cursor: string;
	readonly dot: string;
	readonly ellipsis: string;
	readonly mask: string;
	readonly barLeft: string;
	readonly barRight: string;
	readonly barFull: string;
	readonly barEmpty: string;
	readonly barReserve: string;
	readonly spinner: readonly string[];
	readonly sparks: readonly string[];
	readonly border: 'single' | 'classic';
};

export const unicodeSigns: Signs = {
	good: '✓',
	attention: '!',
	bad: '✗',
	same: '=',
	gone: '▪',
	none: '–',
	waiting: '·',
	paused: '‖',
	separator: '›',
	cursor: '>',
	dot: '·',
	ellipsis: '…',
	mask: '•',
	barLeft: '▕',
	barRight: '▏',
	barFull: '█',
	barEmpty: '░',
	barReserve: '▒',
	spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
	sparks: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
	border: 'single',
};

export const asciiSigns: Signs = {
	good: 'v',
	attention: '!',
	bad: 'x',
	same: '=',
	gone: '#',
	none: '-',
	waiting: '.',
	paused: '"',
	separator: '>',
	cursor: '>',
	dot: '-',
	ellipsis: '~',
	mask: '*',
	barLeft: '[',
	barRight: ']',
	barFull: '#',
	barEmpty: '.',
	barReserve: ':',
	spinner: ['|', '/', '-', '\\'],
	sparks: ['_', '.', ':', '-', '=', '+', '*', '#'],
	border: 'classic',
};
