import {readFile} from 'node:fs/promises';
import {type CommandId, commandTable, describe, keyLabel} from '../../source/app/input/commands.ts';
import {commonCommands, screenCommands, sentenceOf} from '../../source/app/input/screen-commands.ts';

/** A file of the documentation that is made of the key table, by its path below the project's folder. */
export type DescribedKeys = {readonly path: string; readonly contents: string};

const root = new URL('../../', import.meta.url);

/** Between these lines the README has its short table. */
const readmeStart = '<!-- The keys: made by npm run pictures -->';
const readmeEnd = '<!-- The end of the keys -->';

/** What the README says of keys: those that are everywhere, and those that one looks for. */
const shortTable: ReadonlyArray<readonly [commands: readonly CommandId[], what: string]> = [
	[['up', 'down', 'left', 'right'], 'move'],
	[['first', 'last', 'pageUp', 'pageDown'], 'first and last entry, a page up and down'],
	[['open', 'toggle'], 'open what is selected; switch it on or off'],
	[['filter'], 'show only what contains a text'],
	[['add', 'edit', 'remove'], 'add, edit, remove (asks first)'],
	[
		['run', 'pause', 'cancel', 'detach'],
		'run a plan; pause its run, or let it go on; cancel it (asks first); leave the view, the run goes on',
	],
	[['nextField', 'save'], 'next field of a form; save it'],
	[['back'], 'one level back, never out of the program'],
	[['tabDevops', 'tabPlans', 'tabRuns', 'tabSettings'], 'DevOps, Plans, Runs, Settings'],
	[['help'], 'all keys of the screen'],
	[['redraw', 'suspend', 'quit'], 'draw anew; to the shell (`fg` returns); quit'],
];

/** The page of all keys, and the README with its table. */
export async function describeKeys(): Promise<readonly DescribedKeys[]> {
	const readme = await readFile(new URL('README.md', root), 'utf8');
	const start = readme.indexOf(readmeStart);
	const end = readme.indexOf(readmeEnd);
	if (start < 0 || end < start) {
		throw new Error(`README.md lacks the lines "${readmeStart}" and "${readmeEnd}".`);
	}

	return [
		{path: 'documentation/keys.md', contents: keysPage()},
		{
			path: 'README.md',
			contents: `${readme.slice(0, start + readmeStart.length)}\n\n${table(
				['keys', 'what they do'],
				shortTable.map(([commands, what]) => [commands.map(id => keysOf(id)).join(' '), what]),
			)}\n\n${readme.slice(end)}`,
		},
	];
}

function keysPage(): string {
	const ids = Object.keys(commandTable) as CommandId[];
	return `# Keys

Made from the app's own key table: what stands here is what the program does. \`?\` shows the keys of the screen that one is
on, with those that cannot be used now and why; \`/\` filters them.

## Your own keys

Write a file \`keys.json\` into the folder of the settings (**Settings** says where; \`$BUCKET_BRIGADE_HOME\`, else
\`~/.config/bucket-brigade\`). It is read when the app starts:

\`\`\`json
{"run": "R", "remove": ["D", "delete"], "save": "ctrl-w"}
\`\`\`

The keys that are written there take the place of the command's usual ones. A key is a character, \`ctrl-\` and a letter, or one of
\`tab\`, \`shift-tab\`, \`space\`, \`page-up\`, \`page-down\`, \`home\`, \`end\`, \`delete\`. Escape, Enter, Ctrl-C and the arrows always keep their
meaning. What works while text is typed cannot be on a character. Where something is wrong with the file (a command or key that
there is not, two commands of one screen on one key), one sentence says what, and the usual keys hold.

| command | keys | what it does |
| --- | --- | --- |
${ids.map(id => `| \`${id}\` | ${keysOf(id)} | ${describe(id).description} |`).join('\n')}

## On every screen

${commandTableOf('', commonCommands)}

${screenCommands.map(({name, commands}) => `## ${name}\n\n${commandTableOf(name, commands)}`).join('\n\n')}
`;
}

function commandTableOf(name: string, commands: readonly CommandId[]): string {
	return table(
		['keys', 'command', 'what it does'],
		commands.map(id => [keysOf(id), `\`${id}\``, sentenceOf(name, id)]),
	);
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

function keysOf(id: CommandId): string {
	return describe(id)
		.keys.map(key => `\`${keyLabel(key)}\``)
		.join(' ');
}
