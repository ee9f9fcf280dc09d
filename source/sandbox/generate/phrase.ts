import type {Random} from '../random.ts';
import {nouns, qualities, verbs} from './vocabulary.ts';

/** Fills `{noun}`, `{verb}` and `{quality}` of a template and begins with a capital. */
export function phrase(random: Random, templates: readonly string[]): string {
	const filled = random
		.pick(templates)
		.replaceAll('{noun}', () => random.pick(nouns))
		.replaceAll('{verb}', () => random.pick(verbs))
		.replaceAll('{quality}', () => random.pick(qualities));
	return filled.charAt(0).toUpperCase() + filled.slice(1);
}

/** Lower case words joined by hyphens, as branches and files are named. */
export function hyphenated(random: Random): string {
	return `${random.pick(verbs)}-${random.pick(qualities)}-${random.pick(nouns)}`;
}
