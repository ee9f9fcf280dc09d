/** What a text means; how that looks is decided here alone. */
export type Tone = 'plain' | 'muted' | 'accent' | 'good' | 'attention' | 'bad' | 'selected' | 'title';

export type Look = {
	readonly color?: string;
	readonly dimColor?: boolean;
	readonly bold?: boolean;
	readonly inverse?: boolean;
};

/** What the terminal shows behind the text. */
export type Background = 'dark' | 'light';

/**
Sixteen colours, so that the terminal's own scheme decides how they look. No state rests on red against green: good is cyan or
blue, bad is red and bold, and each has its own sign beside it.
*/
const onDark: Readonly<Record<Tone, Look>> = {
	plain: {},
	muted: {dimColor: true},
	accent: {color: 'cyan'},
	good: {color: 'cyan'},
	attention: {color: 'yellow'},
	// The darker red is hardly seen on a grey background.
	bad: {color: 'redBright', bold: true},
	selected: {bold: true},
	title: {bold: true},
};

/** On light schemes cyan and yellow are pale, and dim text is hardly there: blue, magenta and plain text are read. */
const onLight: Readonly<Record<Tone, Look>> = {
	...onDark,
	muted: {},
	accent: {color: 'blue'},
	good: {color: 'blue'},
	attention: {color: 'magenta'},
	bad: {color: 'red', bold: true},
};

const looksOn: Readonly<Record<Background, Readonly<Record<Tone, Look>>>> = {dark: onDark, light: onLight};

let looks = onDark;

/** Chosen once, before anything is drawn: one process has one terminal. */
export function chooseLooks(background: Background): void {
	looks = looksOn[background];
}

/** How a tone looks, on the background that was chosen or on a given one. */
export function lookOf(tone: Tone, background?: Background): Look {
	return (background === undefined ? looks : looksOn[background])[tone];
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

/** Read aloud, a state is its word: no sign, bar or line is drawn. */
export const spokenSigns: Signs = {
	...asciiSigns,
	good: '',
	attention: 'attention:',
	bad: 'error:',
	same: '',
	gone: '',
	none: 'none',
	waiting: '',
	separator: 'in',
	cursor: 'selected:',
	dot: ',',
	ellipsis: '...',
	barLeft: '',
	barRight: '',
	barFull: '',
	barEmpty: '',
	barReserve: '',
	spinner: ['busy:'],
	sparks: [''],
};
