import type {Background} from './theme.ts';

/** One thing about how the screens are drawn, with what decided it. */
export type DisplayFact = {readonly name: string; readonly value: string; readonly because: string};

/** How the screens are drawn. */
export type DisplayFacts = {
	readonly isAscii: boolean;
	readonly hasColours: boolean;
	readonly background: Background;
	/** Most frames a second. */
	readonly framesPerSecond: number;
	readonly isScreenReader: boolean;
	readonly facts: readonly DisplayFact[];
};

export type DisplayOptions = {
	readonly ascii?: boolean | undefined;
	readonly framesPerSecond?: number | undefined;
};

/** Enough for a person; the line to the terminal may be slow. */
const usualFramesPerSecond = 15;

type Decision<Value> = {readonly value: Value; readonly because: string};

/** Decides how the screens are drawn, from the options of the command line and what the environment says of the terminal. */
export function decideDisplay(options: DisplayOptions, environment: NodeJS.ProcessEnv): DisplayFacts {
	const ascii = decideAscii(options.ascii, environment);
	const colours = decideColours(environment);
	const background = decideBackground(environment);
	const screenReader = environment['INK_SCREEN_READER'] === 'true';
	const framesPerSecond = options.framesPerSecond ?? usualFramesPerSecond;
	const isSlow = framesPerSecond < 1;
	return {
		isAscii: ascii.value,
		hasColours: colours.value,
		background: background.value,
		framesPerSecond,
		isScreenReader: screenReader,
		facts: [
			{name: 'Characters', value: ascii.value ? 'ASCII' : 'Unicode', because: ascii.because},
			{name: 'Colours', value: colours.value ? '16 colours' : 'none', because: colours.because},
			{
				name: 'Colours chosen for',
				value: `a ${background.value} background`,
				because: background.because,
			},
			{
				name: 'Drawn',
				value: isSlow ? `once in ${Math.round(1 / framesPerSecond)} s at the most` : 'at once',
				because: isSlow ? '--slow' : '--slow is for slow lines',
			},
			{
				name: 'Screen reader',
				value: screenReader ? 'plain layout' : 'off',
				because: screenReader ? 'INK_SCREEN_READER=true' : 'INK_SCREEN_READER=true switches it on',
			},
		],
	};
}

function decideAscii(asked: boolean | undefined, environment: NodeJS.ProcessEnv): Decision<boolean> {
	if (asked !== undefined) {
		return {value: asked, because: asked ? '--ascii' : 'asked for'};
	}

	const name = ['LC_ALL', 'LC_CTYPE', 'LANG'].find(one => (environment[one] ?? '') !== '');
	if (name !== undefined && !/utf-?8/i.test(environment[name] ?? '')) {
		return {value: true, because: `the locale is not UTF-8: ${name}=${environment[name]}`};
	}

	if (environment['TERM'] === 'linux') {
		return {value: true, because: 'the font of the Linux console has few signs: TERM=linux'};
	}

	return {
		value: false,
		because: name === undefined ? 'no locale says otherwise' : `${name}=${environment[name]}`,
	};
}

function decideColours(environment: NodeJS.ProcessEnv): Decision<boolean> {
	if ((environment['NO_COLOR'] ?? '') !== '') {
		return {value: false, because: 'NO_COLOR'};
	}

	// What `--no-color` sets, before anything that colours is loaded.
	if (environment['FORCE_COLOR'] === '0') {
		return {value: false, because: '--no-color'};
	}

	return {value: true, because: "the terminal's own scheme decides how they look"};
}

const backgroundVariable = 'BUCKET_BRIGADE_BACKGROUND';

function decideBackground(environment: NodeJS.ProcessEnv): Decision<Background> {
	const asked = environment[backgroundVariable];
	if (asked === 'light' || asked === 'dark') {
		return {value: asked, because: `${backgroundVariable}=${asked}`};
	}

	// Some terminals tell: `15;0` is white on black. 7 and 9 to 15 are light.
	const told = /;(\d{1,2})$/.exec(environment['COLORFGBG'] ?? '')?.[1];
	if (told === undefined) {
		return {value: 'dark', because: `the terminal does not tell; ${backgroundVariable}=light changes it`};
	}

	const colour = Number(told);
	const isLight = colour === 7 || (colour >= 9 && colour <= 15);
	return {value: isLight ? 'light' : 'dark', because: `COLORFGBG=${environment['COLORFGBG']}`};
}
