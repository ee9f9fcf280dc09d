import type {Place} from '../../source/app/navigation.ts';
import type {AppServices} from '../../source/app/services.ts';
import {unicodeSigns} from '../../source/app/theme.ts';
import {backupPlace, snapshots} from '../../test/app/fake-backups.ts';
import {createFakeServices} from '../../test/app/fake-services.ts';
import {createTestTerminal, keys, type TestTerminal} from '../../test/app/terminal.ts';
import {terminalSvg} from './terminal-svg.ts';

/** A file that shows a screen as it is, by its path below the project's folder. */
export type DrawnScreen = {readonly path: string; readonly contents: string};

type ScreenToDraw = {
	readonly name: string;
	readonly title: string;
	readonly place: Place;
	/** What is typed there first. */
	readonly typed?: string;
	/** What is there once the screen is whole, also at its smallest. */
	readonly content: string;
	/** Whether the documentation shows it. */
	readonly isPictured: boolean;
	/** What the screen finds in its place. */
	readonly services?: Partial<AppServices>;
};

const repository = {workspace: 'acme', repository: 'repository-0'} as const;

const screens: readonly ScreenToDraw[] = [
	{
		name: 'devops',
		title: 'Bucket Brigade: DevOps',
		place: {screen: 'devops'},
		content: 'web-frontend',
		isPictured: true,
	},
	{
		name: 'additional-credentials',
		title: 'Bucket Brigade: Additional credentials',
		place: {screen: 'credentials', ...repository},
		content: 'primary',
		isPictured: true,
	},
	{
		name: 'add-new',
		title: 'Bucket Brigade: Add new',
		place: {screen: 'credential', ...repository},
		content: 'Label',
		isPictured: false,
	},
	{
		name: 'edit-plan',
		title: 'Bucket Brigade: Edit plan',
		place: {screen: 'plan', name: 'nightly'},
		content: 'Organization',
		isPictured: false,
	},
	{
		name: 'snapshots',
		title: 'Bucket Brigade: the snapshots of a repository, with what changed',
		place: {screen: 'snapshots', workspace: 'acme', repository: 'repository-0'},
		content: '3 branches moved',
		isPictured: true,
	},
	{
		name: 'restore',
		title: 'Bucket Brigade: Restore',
		place: {screen: 'restore', ...backupPlace, snapshot: snapshots[0]?.id ?? ''},
		typed: `${keys.tab}${keys.tab}/srv/restored.git`,
		content: 'becomes /srv/restored',
		isPictured: false,
	},
	{
		name: 'run',
		title: 'Bucket Brigade: a live run over four accounts',
		place: {screen: 'run', run: '20261122T115500.000Z-nightly'},
		content: '812/1,000',
		isPictured: true,
	},
	{
		name: 'first-steps',
		title: 'Bucket Brigade: from an empty store to the first backup',
		place: {screen: 'devops'},
		content: 'Connect an organization',
		isPictured: true,
		services: {organizations: async () => [], plans: async () => [], runs: async () => []},
	},
	{
		name: 'settings',
		title: 'Bucket Brigade: Settings',
		place: {screen: 'settings'},
		content: 'vault.age',
		isPictured: false,
	},
];

const sizes = [
	[40, 12],
	[80, 24],
	[120, 40],
	[200, 60],
] as const;

/** A moving sign stands still in a picture. */
const movingSigns = new RegExp(`[${unicodeSigns.spinner.join('')}]`, 'g');
/** In ASCII it turns behind the cursor's place. */
const movingAsciiSign = /^( [> ] )[|/\\-](?= )/;
const stillSign = unicodeSigns.spinner[0] ?? '';

/** Draws the pictures of the documentation, and the texts that tests compare, from the real screens. */
export async function drawScreens(): Promise<readonly DrawnScreen[]> {
	// Times of day are drawn as they are in UTC, wherever this runs.
	process.env['TZ'] = 'UTC';
	// What colours the output looks at this once, when it is loaded: not before here.
	process.env['FORCE_COLOR'] = '1';
	const drawn: DrawnScreen[] = [];
	for (const screen of screens) {
		if (screen.isPictured) {
			await draw(screen, [100, 28], false, terminal => {
				const contents = terminalSvg(terminal.model, screen.title).replace(movingSigns, stillSign);
				drawn.push({path: `documentation/screens/${screen.name}.svg`, contents});
			});
		}

		for (const size of sizes) {
			await draw(screen, size, false, terminal => {
				drawn.push({
					path: `fixtures/screens/${screen.name}-${size.join('x')}.txt`,
					contents: textOf(terminal),
				});
			});
		}

		await draw(screen, [80, 24], true, terminal => {
			drawn.push({path: `fixtures/screens/${screen.name}-80x24-ascii.txt`, contents: textOf(terminal)});
		});
	}

	return drawn;
}

async function draw(
	{place, typed, content, services}: ScreenToDraw,
	[columns, rows]: readonly [number, number],
	ascii: boolean,
	take: (terminal: TestTerminal) => void,
): Promise<void> {
	const {runApp} = await import('../../source/app/run-app.tsx');
	const terminal = createTestTerminal(columns, rows);
	const {stdin, stdout} = terminal;
	const ended = runApp(createFakeServices(services), {
		stdin,
		stdout,
		ascii,
		startAt: place,
		framesPerSecond: 60,
		// Of no terminal that this happens to run in.
		environment: {},
	});
	try {
		if (typed !== undefined) {
			await terminal.settled();
			terminal.type(typed);
		}

		await terminal.waitFor(content);
		await terminal.settled();
		take(terminal);
	} finally {
		// Also where a screen never came: what draws it must not stay open.
		terminal.type(keys.interrupt);
		await terminal.settled();
		if (typed !== undefined) {
			// What was typed is dropped.
			terminal.type(keys.right + keys.enter);
		}

		await ended;
	}
}

function textOf(terminal: TestTerminal): string {
	const lines = terminal
		.rows()
		.map(line => line.trimEnd().replace(movingSigns, stillSign).replace(movingAsciiSign, '$1|'));
	return `${lines.join('\n')}\n`;
}
