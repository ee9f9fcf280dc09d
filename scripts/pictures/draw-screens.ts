import {backupPlace, snapshots, workspacePlace} from '../../test/app/fake-backups.ts';
import {keys} from '../../test/app/terminal.ts';
import {describeScreens} from './describe-screens.ts';
import {drawScreen, stand, textOf} from './draw-screen.ts';
import {emptyHome, endedRun, pausedRun, someRuns, twoPlans} from './picture-services.ts';
import type {ScreenToDraw} from './screen-to-draw.ts';
import {terminalSvg} from './terminal-svg.ts';

/** A file that shows a screen as it is, by its path below the project's folder. */
export type DrawnScreen = {readonly path: string; readonly contents: string};

/** The way that people go. */
const start = {place: {screen: 'devops'}, content: 'web-frontend'} as const;
const toRepository = ['e', 'Additional cred'] as const;
const toCredentials = [keys.enter, 'primary'] as const;
const run = '20261122T115500.000Z-nightly';

/** Every screen, in the order in which the documentation shows them. */
export const screens: readonly ScreenToDraw[] = [
	{
		name: 'first-steps',
		title: 'First use',
		sentence: 'Where nothing is connected yet, DevOps leads to the first backup.',
		place: {screen: 'devops'},
		content: 'Connect an organization',
		services: emptyHome,
		isMain: true,
	},
	{
		name: 'add-organization',
		title: 'Add organization',
		sentence:
			'An organization is a workspace with its primary credential; what has to be ticked when its token is made stands below.',
		place: {screen: 'add-organization'},
		content: 'Workspace',
	},
	{
		name: 'devops',
		title: 'DevOps',
		sentence:
			'The organizations at the left, the repositories of one as tiles: their last backup, its size, the plans that cover them, and **Edit**.',
		...start,
		isMain: true,
	},
	{
		name: 'repository',
		title: 'Edit repository',
		sentence: 'What is known of a repository, and the way to the credentials and plans that back it up.',
		...start,
		steps: [toRepository],
	},
	{
		name: 'snapshots',
		title: 'Snapshots',
		sentence: 'Every snapshot of a repository, with what changed since the one before it, in words.',
		place: {screen: 'snapshots', workspace: 'acme', repository: 'repository-0'},
		content: /^(?!(?:.*\n)*.*reading what changed)(?:.*\n)*.*3 branches moved/,
		isMain: true,
	},
	{
		name: 'restore',
		title: 'Restore',
		sentence:
			'A snapshot becomes a repository, a clone with files, or a push; what will be done is said before it is.',
		place: {screen: 'restore', ...backupPlace, snapshot: snapshots[0]?.id ?? ''},
		content: 'Restore',
		steps: [[`${keys.tab}${keys.tab}/srv/restored.git`, 'becomes /srv/restored']],
		isMain: true,
	},
	{
		name: 'workspace-backups',
		title: 'Workspace and snippets',
		sentence:
			"What is backed up beside repositories: the workspace's own data (projects, members, permissions) and its snippets. Snapshots, Restore, Verify and Forget are the same as those of a repository.",
		...start,
		steps: [['w', 'workspace acme']],
	},
	{
		name: 'files',
		title: 'Files of a snapshot',
		sentence: 'What a snapshot holds around Git, file by file; Enter reads one, `/` searches it.',
		place: {screen: 'files', ...workspacePlace, snapshot: snapshots[0]?.id ?? ''},
		content: 'members.json',
	},
	{
		name: 'additional-credentials',
		title: 'Additional credentials',
		sentence:
			'Every credential of the organization: whom it signs in as, what it lacks, how much of its quota is used, and whether it is an account of its own.',
		...start,
		steps: [toRepository, toCredentials],
		isMain: true,
	},
	{
		name: 'add-new',
		title: 'Add new',
		sentence:
			'**Save** asks Bitbucket first who signs in and which scopes are missing. The secret is masked.',
		...start,
		steps: [toRepository, toCredentials, ['a', /credentials [›>] Add new/]],
		isMain: true,
	},
	{
		name: 'plans',
		title: 'Plans',
		sentence: 'What is backed up, over how many accounts, what became of it last, and when it is due next.',
		place: {screen: 'plans'},
		content: 'weekly-full',
		services: twoPlans,
		isMain: true,
	},
	{
		name: 'edit-plan',
		title: 'Edit plan',
		sentence:
			'A plan, with a forecast of its next run: the requests, and the time with the accounts chosen, with one more and with one fewer.',
		place: {screen: 'plan', name: 'nightly'},
		// The forecast, where there is room for it.
		content: /with 4 accounts|^ 1 DevOps[\s\S]*for example nightly/,
		isMain: true,
	},
	{
		name: 'advanced-settings',
		title: 'Advanced settings',
		sentence:
			'The switch **Additional git credentials**, and one for each account of the organization: requests are spread over those that are on.',
		place: {screen: 'plan', name: 'nightly'},
		content: 'Organization',
		steps: [[`${keys.shiftTab}${keys.enter} ${keys.down} ${keys.down}${keys.down} `, /ci-token +\[ on \]/]],
		isMain: true,
	},
	{
		name: 'run',
		title: 'A live run',
		sentence:
			'A bar for each account: what is used of its limit, what is kept in reserve, when it frees. Below it the repositories, those that ask for attention first.',
		place: {screen: 'run', run},
		content: '812/1,000',
		isMain: true,
	},
	{
		name: 'run-paused',
		title: 'A paused run',
		sentence:
			'`p` pauses a run, wherever it goes on: what is under way ends, nothing new begins, and nothing counts down. `p` again lets it go on.',
		place: {screen: 'run', run},
		content: /‖ paused|" paused/,
		services: pausedRun,
		isMain: true,
	},
	{
		name: 'run-ended',
		title: 'A past run',
		sentence: 'A run of the history, in the same view, with its end.',
		place: {screen: 'run', run},
		content: /requests/,
		services: endedRun,
	},
	{
		name: 'runs',
		title: 'Runs',
		sentence: 'The history: every run with its end, how long it took and what it saved.',
		place: {screen: 'runs'},
		content: 'weekly-full',
		services: someRuns,
	},
	{
		name: 'settings',
		title: 'Settings',
		sentence:
			'Where things lie, where the key of the secrets comes from, how the screens are drawn, and all keys.',
		place: {screen: 'settings'},
		content: 'vault.age',
	},
	{
		name: 'notifications',
		title: 'Notifications',
		sentence:
			'The command that is run at the end of runs, so that somebody is told who does not watch; **Settings** tries it and switches it off.',
		place: {screen: 'notifications'},
		content: 'Backup of Bitbucket',
	},
	{
		name: 'passphrase',
		title: 'Passphrase',
		sentence: 'Where the key of the vault is locked with a passphrase, the app asks for it first.',
		place: {screen: 'passphrase'},
		content: 'Passphrase',
	},
	{
		name: 'help',
		title: 'Help',
		sentence: '`?` shows the keys of the screen that one is on; `/` filters them.',
		...start,
		steps: [['?', 'Keys of this screen']],
	},
	{
		name: 'question',
		title: 'A question',
		sentence: 'What removes or stops something asks first. Cancel is in focus.',
		...start,
		steps: [toRepository, toCredentials, ['jd', 'Remove bot-1?']],
	},
];

const usualSize = [80, 24] as const;
const furtherSizes = [
	[40, 12],
	[120, 40],
	[200, 60],
] as const;
const pictureSize = {columns: 100, rows: 28} as const;

/** Draws the pictures of the documentation, and the texts that tests compare, from the real screens. */
export async function drawScreens(): Promise<readonly DrawnScreen[]> {
	// Times of day are drawn as they are in UTC, wherever this runs.
	process.env['TZ'] = 'UTC';
	// What colours the output looks at this once, when it is loaded: not before here.
	process.env['FORCE_COLOR'] = '1';
	const drawn: DrawnScreen[] = [];
	for (const screen of screens) {
		const drawings = drawingsOf(screen);
		if (screen.steps === undefined) {
			// At the same time: most of it is waiting for a screen to stand still.
			drawn.push(...(await Promise.all(drawings.map(async draw => draw()))));
		} else {
			// A key waits for the drawing of the one before it, and is sure of it in an app that has the process for itself.
			for (const draw of drawings) {
				drawn.push(await draw());
			}
		}
	}

	return [...drawn, await describeScreens(screens)];
}

function drawingsOf(screen: ScreenToDraw): ReadonlyArray<() => Promise<DrawnScreen>> {
	const {name, title, isMain = false} = screen;
	const sizes = isMain ? [usualSize, ...furtherSizes] : [usualSize];
	const picture = async (): Promise<DrawnScreen> =>
		drawScreen(screen, pictureSize, ({model}) => ({
			path: `documentation/screens/${name}.svg`,
			contents: stand(terminalSvg(model, `Bucket Brigade: ${title}`)),
		}));
	const texts = sizes.map(([columns, rows]) => async (): Promise<DrawnScreen> => {
		return drawScreen(screen, {columns, rows}, terminal => ({
			path: `fixtures/screens/${name}-${columns}x${rows}.txt`,
			contents: textOf(terminal),
		}));
	});
	return [picture, ...texts, ...(isMain ? [async () => asciiText(screen)] : [])];
}

async function asciiText(screen: ScreenToDraw): Promise<DrawnScreen> {
	const [columns, rows] = usualSize;
	return drawScreen(screen, {columns, rows, isAscii: true}, terminal => ({
		path: `fixtures/screens/${screen.name}-${columns}x${rows}-ascii.txt`,
		contents: textOf(terminal),
	}));
}
