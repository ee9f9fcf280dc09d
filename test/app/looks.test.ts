import assert from 'node:assert/strict';
import {test} from 'node:test';
import {decideDisplay} from '../../source/app/display.ts';
import {type Background, lookOf, type Tone} from '../../source/app/theme.ts';

const tones: readonly Tone[] = ['plain', 'muted', 'accent', 'good', 'attention', 'bad', 'selected', 'title'];

type Scheme = {
	readonly name: string;
	readonly on: Background;
	readonly background: string;
	readonly foreground: string;
	readonly colours: Readonly<Record<string, string>>;
};

/** Colours of schemes as their makers publish them: those that terminals come with, and the most used ones. */
const schemes: readonly Scheme[] = [
	{
		name: 'xterm on black',
		on: 'dark',
		background: '000000',
		foreground: 'e5e5e5',
		colours: {
			redBright: 'ff0000',
			red: 'cd0000',
			yellow: 'cdcd00',
			cyan: '00cdcd',
			blue: '0000ee',
			magenta: 'cd00cd',
		},
	},
	{
		name: 'Tango dark',
		on: 'dark',
		background: '2e3436',
		foreground: 'd3d7cf',
		colours: {
			redBright: 'ef2929',
			red: 'cc0000',
			yellow: 'c4a000',
			cyan: '06989a',
			blue: '3465a4',
			magenta: '75507b',
		},
	},
	{
		name: 'Campbell',
		on: 'dark',
		background: '0c0c0c',
		foreground: 'cccccc',
		colours: {
			redBright: 'e74856',
			red: 'c50f1f',
			yellow: 'c19c00',
			cyan: '3a96dd',
			blue: '0037da',
			magenta: '881798',
		},
	},
	{
		name: 'Solarized dark',
		on: 'dark',
		background: '002b36',
		foreground: '839496',
		colours: {
			redBright: 'cb4b16',
			red: 'dc322f',
			yellow: 'b58900',
			cyan: '2aa198',
			blue: '268bd2',
			magenta: 'd33682',
		},
	},
	{
		name: 'xterm on white',
		on: 'light',
		background: 'ffffff',
		foreground: '000000',
		colours: {red: 'cd0000', yellow: 'cdcd00', cyan: '00cdcd', blue: '0000ee', magenta: 'cd00cd'},
	},
	{
		name: 'Tango light',
		on: 'light',
		background: 'ffffff',
		foreground: '2e3436',
		colours: {red: 'cc0000', yellow: 'c4a000', cyan: '06989a', blue: '3465a4', magenta: '75507b'},
	},
	{
		name: 'macOS Basic',
		on: 'light',
		background: 'ffffff',
		foreground: '000000',
		colours: {red: '990000', yellow: '999900', cyan: '00a6b2', blue: '0000b2', magenta: 'b200b2'},
	},
	{
		name: 'Solarized light',
		on: 'light',
		background: 'fdf6e3',
		foreground: '657b83',
		colours: {red: 'dc322f', yellow: 'b58900', cyan: '2aa198', blue: '268bd2', magenta: 'd33682'},
	},
];

/** The brightness that an eye sees, from 0 to 1 (WCAG 2). */
function luminance(colour: string): number {
	const [red = 0, green = 0, blue = 0] = [0, 2, 4].map(start => {
		const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
		return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
	const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right);
	return (light + 0.05) / (dark + 0.05);
}

/** Dim text is drawn halfway to the background. */
function dimmed(colour: string, background: string): string {
	return [0, 2, 4]
		.map(start => {
			const [one, other] = [colour, background].map(hex => Number.parseInt(hex.slice(start, start + 2), 16));
			return Math.round(((one ?? 0) + (other ?? 0)) / 2)
				.toString(16)
				.padStart(2, '0');
		})
		.join('');
}

/** What is bold, and larger signs, need no more than 3; running text is plain. What is muted is beside the point. */
const leastContrast = 2.5;
const leastForMuted = 1.9;

for (const {name, on, background, foreground, colours} of schemes) {
	test(`looks: every tone is legible in ${name}`, () => {
		for (const tone of tones) {
			const {color, dimColor} = lookOf(tone, on);
			const colour = color === undefined ? foreground : (colours[color] ?? '');
			assert.notEqual(colour, '', `${tone} uses ${color}`);
			const shown = dimColor === true ? dimmed(colour, background) : colour;
			const least = tone === 'muted' ? leastForMuted : leastContrast;
			const found = contrast(shown, background);
			assert.ok(found >= least, `${tone}: ${found.toFixed(2)}`);
		}
	});
}

test('looks: no state rests on red against green, and states differ without their hue', () => {
	for (const on of ['dark', 'light'] as const) {
		assert.ok(tones.every(tone => lookOf(tone, on).color !== 'green'));
		assert.equal(lookOf('bad', on).bold, true);
		assert.notEqual(lookOf('good', on).bold, true);
		assert.notEqual(lookOf('good', on).color, lookOf('attention', on).color);
	}
});

type Expected = {
	readonly isAscii?: boolean;
	readonly hasColours?: boolean;
	readonly background?: Background;
	readonly isScreenReader?: boolean;
};

const displays: ReadonlyArray<readonly [NodeJS.ProcessEnv, Expected, RegExp]> = [
	[{}, {isAscii: false, hasColours: true, background: 'dark', isScreenReader: false}, /no locale/],
	[{LANG: 'de_DE.UTF-8'}, {isAscii: false}, /LANG=de_DE\.UTF-8/],
	[{LANG: 'de_DE.utf8'}, {isAscii: false}, /LANG/],
	[{LANG: 'C'}, {isAscii: true}, /the locale is not UTF-8: LANG=C/],
	[{LANG: 'C', LC_ALL: 'C.UTF-8'}, {isAscii: false}, /LC_ALL=C\.UTF-8/],
	[{LC_ALL: 'POSIX', LANG: 'pl_PL.UTF-8'}, {isAscii: true}, /LC_ALL=POSIX/],
	[{LC_CTYPE: 'pl_PL.ISO-8859-2', LANG: 'C.UTF-8'}, {isAscii: true}, /LC_CTYPE/],
	[{TERM: 'linux', LANG: 'C.UTF-8'}, {isAscii: true}, /TERM=linux/],
	[{NO_COLOR: '1'}, {hasColours: false}, /NO_COLOR/],
	[{NO_COLOR: ''}, {hasColours: true}, /scheme/],
	[{FORCE_COLOR: '0'}, {hasColours: false}, /--no-color/],
	[{COLORFGBG: '15;0'}, {background: 'dark'}, /COLORFGBG=15;0/],
	[{COLORFGBG: '0;15'}, {background: 'light'}, /COLORFGBG=0;15/],
	[{COLORFGBG: '0;default;7'}, {background: 'light'}, /COLORFGBG/],
	[{COLORFGBG: 'default;default'}, {background: 'dark'}, /does not tell/],
	[{BUCKET_BRIGADE_BACKGROUND: 'light', COLORFGBG: '15;0'}, {background: 'light'}, /_BACKGROUND=light/],
	[{BUCKET_BRIGADE_BACKGROUND: 'pink'}, {background: 'dark'}, /does not tell/],
	[{INK_SCREEN_READER: 'true'}, {isScreenReader: true}, /INK_SCREEN_READER=true/],
];

for (const [environment, expected, because] of displays) {
	test(`display: ${JSON.stringify(environment)} decides ${JSON.stringify(expected)}`, () => {
		const display = decideDisplay({}, environment);
		for (const [name, value] of Object.entries(expected)) {
			assert.equal(display[name as keyof Expected], value, name);
		}

		assert.match(display.facts.map(fact => fact.because).join('\n'), because);
	});
}

test('display: options come before what the environment says', () => {
	assert.equal(decideDisplay({ascii: true}, {LANG: 'C.UTF-8'}).isAscii, true);
	assert.equal(decideDisplay({ascii: false}, {LANG: 'C'}).isAscii, false);
	const slow = decideDisplay({framesPerSecond: 0.5}, {});
	assert.equal(slow.framesPerSecond, 0.5);
	assert.ok(slow.facts.some(({value, because}) => value.includes('once in 2 s') && because === '--slow'));
	assert.equal(decideDisplay({}, {}).framesPerSecond, 15);
});
