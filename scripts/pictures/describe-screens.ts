import {readFile} from 'node:fs/promises';
import type {DrawnScreen} from './draw-screens.ts';
import type {ScreenToDraw} from './screen-to-draw.ts';

const path = 'documentation/app.md';
const mark = '<!-- From here on made by `npm run pictures`. -->';

/** The page of the documentation on the app: what a person wrote, and below it every screen with its sentence. */
export async function describeScreens(screens: readonly ScreenToDraw[]): Promise<DrawnScreen> {
	const page = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
	const [written = ''] = page.split(mark);
	const sections = screens.map(
		({name, title, sentence}) => `### ${title}\n\n${sentence}\n\n![${title}](screens/${name}.svg)\n`,
	);
	return {path, contents: [`${written}${mark}\n`, ...sections].join('\n')};
}
