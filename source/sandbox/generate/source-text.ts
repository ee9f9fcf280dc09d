import type {Random} from '../random.ts';
import {nouns, qualities, verbs} from './vocabulary.ts';

/** How a programming language looks: enough of it that diffs read like the real thing. */
type LanguageStyle = {
	readonly extension: string;
	readonly folder: string;
	readonly comment: string;
	readonly open: (verb: string, noun: string) => string;
	readonly statement: (verb: string, noun: string, quality: string) => string;
	readonly close: string;
};

const javaScript: Omit<LanguageStyle, 'extension'> = {
	folder: 'src',
	comment: '//',
	open: (verb, noun) => `export function ${verb}${capital(noun)}(${noun}) {`,
	statement: (verb, noun, quality) => `\t${verb}(${noun}, {${quality}: true});`,
	close: '}',
};

const styles: Readonly<Record<string, LanguageStyle>> = {
	typescript: {...javaScript, extension: 'ts'},
	javascript: {...javaScript, extension: 'js'},
	java: {
		extension: 'java',
		folder: 'src/main/java/com/acme',
		comment: '//',
		open: (verb, noun) => `void ${verb}${capital(noun)}(${capital(noun)} ${noun}) {`,
		statement: (verb, noun, quality) => `    service.${verb}(${noun}, Mode.${quality.toUpperCase()});`,
		close: '}',
	},
	kotlin: {
		extension: 'kt',
		folder: 'app/src/main/kotlin',
		comment: '//',
		open: (verb, noun) => `fun ${verb}${capital(noun)}(${noun}: ${capital(noun)}) {`,
		statement: (verb, noun, quality) => `    ${verb}(${noun}, ${quality} = true)`,
		close: '}',
	},
	python: {
		extension: 'py',
		folder: 'lake',
		comment: '#',
		open: (verb, noun) => `def ${verb}_${noun}(${noun}):`,
		statement: (verb, noun, quality) => `    ${verb}(${noun}, ${quality}=True)`,
		close: '',
	},
	go: {
		extension: 'go',
		folder: 'internal',
		comment: '//',
		open: (verb, noun) => `func ${verb}${capital(noun)}(${noun} *${capital(noun)}) error {`,
		statement: (verb, noun, quality) => `\t${noun}.${capital(verb)}(${quality})`,
		close: '}',
	},
	rust: {
		extension: 'rs',
		folder: 'src',
		comment: '//',
		open: (verb, noun) => `pub fn ${verb}_${noun}(${noun}: &mut ${capital(noun)}) {`,
		statement: (verb, noun, quality) => `    ${noun}.${verb}(Mode::${capital(quality)});`,
		close: '}',
	},
	hcl: {
		extension: 'tf',
		folder: 'modules',
		comment: '#',
		open: (verb, noun) => `resource "acme_${noun}" "${verb}" {`,
		statement: (_verb, noun, quality) => `  ${quality} = "${noun}"`,
		close: '}',
	},
	sql: {
		extension: 'sql',
		folder: 'procedures',
		comment: '--',
		open: (verb, noun) => `CREATE PROCEDURE ${verb}_${noun} AS BEGIN`,
		statement: (_verb, noun, quality) => `  DELETE FROM ${noun} WHERE ${quality} = 1;`,
		close: 'END',
	},
};

function styleOf(language: string): LanguageStyle {
	return styles[language] ?? {...javaScript, extension: 'js'};
}

function capital(word: string): string {
	return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A path of the language's usual place that no file has yet. */
export function newSourcePath(random: Random, language: string, taken: ReadonlyMap<string, unknown>): string {
	const {folder, extension} = styleOf(language);
	const noun = random.pick(nouns);
	const stem = `${folder}/${noun}/${random.pick(verbs)}-${noun}`;
	let path = `${stem}.${extension}`;
	for (let number = 2; taken.has(path); number++) {
		path = `${stem}-${number}.${extension}`;
	}

	return path;
}

export function newSource(random: Random, language: string): string {
	const style = styleOf(language);
	const lines = [
		`${style.comment} ${capital(random.pick(qualities))} ${random.pick(nouns)}s, and what becomes of them.`,
	];
	const blocks = random.integer(1, 4);
	for (let block = 0; block < blocks; block++) {
		lines.push('', style.open(random.pick(verbs), random.pick(nouns)));
		const statements = random.integer(2, 6);
		for (let index = 0; index < statements; index++) {
			lines.push(newStatement(random, style));
		}

		lines.push(style.close);
	}

	return `${lines.join('\n')}\n`;
}

/** The text with a few lines replaced, added or removed. */
export function editSource(random: Random, language: string, text: string): string {
	const style = styleOf(language);
	const lines = text.split('\n').slice(0, -1);
	const edits = random.integer(1, 3);
	for (let index = 0; index < edits; index++) {
		const at = random.integer(1, Math.max(1, lines.length - 1));
		const removed = random.chance(0.6) ? 1 : 0;
		lines.splice(at, removed, newStatement(random, style));
	}

	return `${lines.join('\n')}\n`;
}

function newStatement(random: Random, style: LanguageStyle): string {
	return style.statement(
		random.pick(verbs),
		random.pick(nouns),
		`${random.pick(qualities)}${random.integer(1, 99)}`,
	);
}
