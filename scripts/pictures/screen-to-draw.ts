import type {Place} from '../../source/app/navigation.ts';
import type {AppServices} from '../../source/app/services.ts';

/** A screen that is drawn for the documentation and for the tests. */
export type ScreenToDraw = {
	/** Its files are called so. */
	readonly name: string;
	/** In the picture's frame and above it: `Additional credentials`. */
	readonly title: string;
	/** What one sees there, as the documentation says it below the picture. */
	readonly sentence: string;
	/** Where the app starts. */
	readonly place: Place;
	/** What is there once the screen is whole, also at its smallest. */
	readonly content: string | RegExp;
	/** What is typed then, step by step, and what is there after each step. */
	readonly steps?: ReadonlyArray<readonly [input: string, content: string | RegExp]>;
	/** What the screen is shown of, where that is not what all others are shown of. */
	readonly services?: Partial<AppServices>;
	/** The text of it is kept in all sizes and in ASCII, not in the usual size alone. */
	readonly isMain?: true;
};
