import type {BackupOf} from './backup-services.ts';
import {dateTimeText, snapshotTimeText} from './words.ts';

/** What is backed up beside repositories. The workspace's own data have no Git. */
export type BackupKind = 'workspace' | 'snippet';

/** Something about one backup: of a repository, of the workspace's own data, or of a snippet. */
export type BackupPlace = {
	readonly workspace: string;
	/** What it is called: a repository's slug, `workspace acme`, `snippet kMB7x`. */
	readonly repository: string;
	/** Of a repository where it is left out. */
	readonly kind?: BackupKind;
	readonly backup: BackupOf;
};

/** Whose backup it is, of a place that says more. */
export function backupPlaceOf({workspace, repository, kind, backup}: BackupPlace): BackupPlace {
	return {workspace, repository, backup, ...(kind === undefined ? {} : {kind})};
}

/** Where one can be. */
export type Place =
	| {readonly screen: 'devops'}
	/** Before all others, where the vault is locked with a passphrase that is typed in. */
	| {readonly screen: 'passphrase'}
	| {readonly screen: 'add-organization'}
	/** From an empty store to the first run. */
	| {readonly screen: 'first-steps'}
	| {readonly screen: 'repository'; readonly workspace: string; readonly repository: string}
	| {readonly screen: 'credentials'; readonly workspace: string; readonly repository: string}
	| {
			readonly screen: 'credential';
			readonly workspace: string;
			readonly repository: string;
			/** Label of the one that is edited; a new one has none. */
			readonly label?: string;
	  }
	/** The workspace's own data, and its snippets. */
	| {readonly screen: 'workspace-backups'; readonly workspace: string}
	| {
			readonly screen: 'snapshots';
			readonly workspace: string;
			readonly repository: string;
			readonly kind?: BackupKind;
			/** Which of its backups; without, the one of the plan that backed it up last. */
			readonly backup?: BackupOf;
	  }
	| (BackupPlace & {readonly screen: 'snapshot'; readonly snapshot: string})
	| (BackupPlace & {readonly screen: 'comparison'; readonly before: string; readonly after: string})
	| (BackupPlace & {readonly screen: 'pull-requests'; readonly snapshot: string})
	| (BackupPlace & {readonly screen: 'pull-request'; readonly snapshot: string; readonly number: number})
	| (BackupPlace & {readonly screen: 'files'; readonly snapshot: string})
	| (BackupPlace & {readonly screen: 'file'; readonly snapshot: string; readonly path: string})
	| (BackupPlace & {readonly screen: 'restore'; readonly snapshot: string})
	| (BackupPlace & {readonly screen: 'verification'})
	| (BackupPlace & {readonly screen: 'forget'})
	| {readonly screen: 'plans'}
	| {readonly screen: 'plan'; readonly name?: string}
	| {readonly screen: 'runs'}
	| {readonly screen: 'run'; readonly run: string}
	| {readonly screen: 'settings'}
	/** What is run at the end of runs. */
	| {readonly screen: 'notifications'};

export const tabs = ['devops', 'plans', 'runs', 'settings'] as const;
export type Tab = (typeof tabs)[number];

export const tabNames: Readonly<Record<Tab, string>> = {
	devops: 'DevOps',
	plans: 'Plans',
	runs: 'Runs',
	settings: 'Settings',
};

/** A place in a stack, with what its screen remembers while others lie on top of it. */
export type Visit = {readonly place: Place; readonly memory: Map<string, unknown>};

export type Navigation = {
	readonly tab: Tab;
	/** By tab, the places that were gone through; the last one is shown. */
	readonly stacks: Readonly<Record<Tab, readonly [Visit, ...Visit[]]>>;
};

export type Step =
	| {readonly type: 'open'; readonly place: Place}
	/** Opens in the place of the one that is shown. */
	| {readonly type: 'replace'; readonly place: Place}
	| {readonly type: 'back'}
	| {readonly type: 'tab'; readonly tab: Tab};

const visit = (place: Place): Visit => ({place, memory: new Map()});

export function startNavigation(place: Place = {screen: 'devops'}): Navigation {
	const stacks: Navigation['stacks'] = {
		devops: [visit({screen: 'devops'})],
		plans: [visit({screen: 'plans'})],
		runs: [visit({screen: 'runs'})],
		settings: [visit({screen: 'settings'})],
	};
	const start: Navigation = {tab: 'devops', stacks};
	return place.screen === 'devops' ? start : navigate(start, {type: 'open', place});
}

export function currentVisit({tab, stacks}: Navigation): Visit {
	const stack = stacks[tab];
	return stack.at(-1) ?? stack[0];
}

export function navigate(navigation: Navigation, step: Step): Navigation {
	switch (step.type) {
		case 'tab':
			return {...navigation, tab: step.tab};
		case 'back': {
			const [root, ...rest] = navigation.stacks[navigation.tab];
			return withStack(navigation, navigation.tab, [root, ...rest.slice(0, -1)]);
		}

		case 'open': {
			const tab = tabOf(step.place, navigation.tab);
			const [root, ...rest] = navigation.stacks[tab];
			const isRoot = step.place.screen === tab;
			const top = rest.at(-1)?.place;
			if (top !== undefined && JSON.stringify(top) === JSON.stringify(step.place)) {
				return {...navigation, tab};
			}

			return {
				...withStack(navigation, tab, isRoot ? [root] : [root, ...rest, visit(step.place)]),
				tab,
			};
		}

		case 'replace':
			return navigate(navigate(navigation, {type: 'back'}), {type: 'open', place: step.place});
	}
}

/** Runs are shown under Runs, plans under Plans, whatever one came from. */
function tabOf(place: Place, current: Tab): Tab {
	switch (place.screen) {
		case 'run':
		case 'runs':
			return 'runs';
		case 'plan':
		case 'plans':
			return 'plans';
		case 'settings':
		case 'notifications':
			return 'settings';
		case 'devops':
		case 'passphrase':
		case 'add-organization':
		case 'first-steps':
		case 'repository':
		case 'credentials':
		case 'credential':
		case 'workspace-backups':
			return 'devops';
		default:
			return current;
	}
}

function withStack(navigation: Navigation, tab: Tab, stack: readonly [Visit, ...Visit[]]): Navigation {
	return {...navigation, stacks: {...navigation.stacks, [tab]: stack}};
}

/** The way to a place, as the breadcrumbs show it. */
export function breadcrumbs({tab, stacks}: Navigation): readonly string[] {
	const places = stacks[tab].slice(1).map(({place}) => place);
	return [tabNames[tab], ...places.flatMap((place, index) => crumb(place, places[index - 1]))];
}

/** A run as people know it: its plan and when it began. */
function runCrumbs(run: string): readonly string[] {
	const [, year, month, day, hour, minute, second, plan] =
		/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z-(.+)$/.exec(run) ?? [];
	return plan === undefined
		? [run]
		: [plan, dateTimeText(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)];
}

/** Whose backup it is, where the way to it has not said so. */
function repositoryCrumbs(
	{workspace, repository}: Pick<BackupPlace, 'workspace' | 'repository'>,
	before: Place | undefined,
): readonly string[] {
	if (before?.screen === 'workspace-backups' || before?.screen === 'run') {
		return [repository];
	}

	return before === undefined ? [workspace, repository] : [];
}

function crumb(place: Place, before: Place | undefined): readonly string[] {
	switch (place.screen) {
		case 'passphrase':
			return ['Passphrase'];
		case 'add-organization':
			return ['Add organization'];
		case 'first-steps':
			return ['First steps'];
		case 'repository':
			return [place.workspace, place.repository, 'Edit'];
		case 'credentials':
			return ['Additional credentials'];
		case 'credential':
			return [place.label === undefined ? 'Add new' : `Edit ${place.label}`];
		case 'workspace-backups':
			return [place.workspace, 'Workspace and snippets'];
		case 'snapshots':
			return [...repositoryCrumbs(place, before), 'Snapshots'];
		case 'snapshot':
			return [...repositoryCrumbs(place, before), snapshotTimeText(place.snapshot)];
		case 'comparison': {
			const times = [place.before, place.after].map(id => snapshotTimeText(id));
			return [...repositoryCrumbs(place, before), times.join(' → ')];
		}

		case 'pull-requests':
			return [...repositoryCrumbs(place, before), 'Pull requests'];
		case 'pull-request':
			return [...repositoryCrumbs(place, before), `#${place.number}`];
		case 'files':
			return [...repositoryCrumbs(place, before), 'Files'];
		case 'file':
			return [...repositoryCrumbs(place, before), place.path];
		case 'restore':
			return [...repositoryCrumbs(place, before), 'Restore'];
		case 'verification':
			return [...repositoryCrumbs(place, before), 'Verify'];
		case 'forget':
			return [...repositoryCrumbs(place, before), 'Forget'];
		case 'plan':
			return place.name === undefined ? ['Add plan'] : [place.name, 'Edit'];
		case 'run':
			return runCrumbs(place.run);
		case 'notifications':
			return ['Notifications'];
		default:
			return [];
	}
}
