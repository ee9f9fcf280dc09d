import type {ForgottenMirror} from '../../source/actions/forget.ts';
import type {ComparedInWords, InspectedSnapshot} from '../../source/actions/inspect-snapshot.ts';
import type {RepositoryBackup} from '../../source/actions/repository-backups.ts';
import type {ListedSnapshot, RepositorySnapshots} from '../../source/actions/repository-snapshots.ts';
import type {Restored} from '../../source/actions/restored.ts';
import type {SavedPullRequests} from '../../source/actions/show-pull-request.ts';
import type {SnapshotFiles} from '../../source/actions/snapshot-files.ts';
import type {Verification} from '../../source/actions/verify.ts';
import type {WorkspaceBackup} from '../../source/actions/workspace-backups.ts';
import type {BackupServices} from '../../source/app/backup-services.ts';

const day = 86_400_000;
const newest = Date.parse('2026-11-22T11:30:00.000Z');
const destination = '/srv/backup';
const folder = 'web-frontend-0a1b2c3d.git';

/** Where the snapshots of the first tile lie. */
export const backupPlace = {
	workspace: 'acme',
	repository: 'repository-0',
	backup: {plan: 'nightly', folder},
} as const;

const idOf = (index: number): string => new Date(newest - index * day).toISOString().replaceAll(/[-:]/g, '');

/** One for each of the last days: of some something is missing, of one nothing can be read. */
export function makeSnapshots(count: number): readonly ListedSnapshot[] {
	return Array.from({length: count}, (_, index) => ({
		id: idOf(index),
		at: new Date(newest - index * day).toISOString(),
		before: index === count - 1 ? undefined : idOf(index + 1),
		plan: index === 5 ? undefined : 'nightly',
		data: ['git', 'lfs', 'pull-requests', 'settings'],
		refs: index === 5 ? undefined : 128 - index,
		pullRequests: index === 5 ? undefined : 42,
		lfsObjects: 3,
		downloads: 1,
		lacks: index === 2 ? 2 : 0,
		problems:
			index === 2
				? ['2 LFS objects are missing upstream']
				: index === 5
					? ['its file snapshot.json cannot be read']
					: [],
		verifiedAt: index > 2 ? '2026-11-19T11:30:00.000Z' : undefined,
	}));
}

export const snapshots = makeSnapshots(24);

export const repositorySnapshots: RepositorySnapshots = {
	repository: 'web-frontend',
	destination,
	verifiedAt: '2026-11-19T11:30:00.000Z',
	isDamaged: false,
	archivedSince: undefined,
	frozen: undefined,
	snapshots,
};

const frozen = {since: '2026-11-20T02:00:00.000Z', reason: '120 of 130 refs are gone upstream'};
export const frozenSnapshots: RepositorySnapshots = {...repositorySnapshots, frozen};

export const repositoryBackup: RepositoryBackup = {
	plan: 'nightly',
	destination,
	folder,
	snapshots: snapshots.length,
	verifiedAt: repositorySnapshots.verifiedAt,
	isDamaged: false,
	archivedSince: undefined,
	frozen: undefined,
	problem: undefined,
};

/** Those of the workspace's own data and of its snippets. */
export const workspaceBackups: readonly WorkspaceBackup[] = [
	{...repositoryBackup, kind: 'workspace', name: 'acme', title: undefined, folder: 'workspace.git'},
	...['kMB7x', 'qR9zT', 'aa1Bb'].map((name, index) => ({
		...repositoryBackup,
		kind: 'snippet' as const,
		name,
		title: ['deploy.sh: how we deploy', 'データ湖 notes', undefined][index],
		folder: `snippet-${name}.git`,
		snapshots: 3 + index,
		verifiedAt: index === 1 ? undefined : repositoryBackup.verifiedAt,
	})),
];

/** Where the snapshots of the workspace's own data lie. */
export const workspacePlace = {
	workspace: 'acme',
	repository: 'workspace acme',
	kind: 'workspace',
	backup: {plan: 'nightly', folder: 'workspace.git'},
} as const;

export const snapshotFiles: SnapshotFiles['files'] = [
	{path: 'members.json', label: 'members', bytes: 4200},
	{path: 'permissions.json', label: 'permissions', bytes: 1_240_000},
	{path: 'projects.json', label: 'projects', bytes: 900},
	{path: 'projects/WEB/permissions-users.json', label: 'permissions of users (WEB)', bytes: 310},
	{path: 'snapshot.json', label: 'snapshot', bytes: 512},
];

const texts = [
	'3 branches moved (main, dev, topic/checkout), branch old-design force-pushed, tag v2.1.0 new, 2 pull requests new (#41, #42), pull request #38 updated',
	'branch main moved, pull request #40 updated',
	'pull requests list and 12 settings changed (webhooks, branch restrictions, deploy keys, …)',
	'branch データ湖 new',
];

/** What changed before the snapshot of an id, in words. */
export function changesTextOf(id: string): string {
	return texts[snapshots.findIndex(one => one.id === id) % texts.length] ?? '';
}

export const compared: ComparedInWords = {
	before: idOf(1),
	after: idOf(0),
	text: texts[0] ?? '',
	sections: [
		{
			title: 'Branches',
			rows: [
				['main', 'moved on', '1a2b3c4d5e → 6f7a8b9c0d'],
				['old-design', 'force-pushed', '0a0a0a0a0a → 1b1b1b1b1b'],
				[
					'a-branch-with-a-name-that-is-much-too-long-for-any-column-that-anybody-would-draw',
					'new',
					'2c2c2c2c2c',
				],
			],
		},
		{title: 'Tags', rows: [['v2.1.0', 'new', '3d3d3d3d3d']]},
		{
			title: 'Pull requests',
			rows: [
				['#42', 'new', 'Checkout in one step', 'OPEN, 4 comments more'],
				['#38', 'updated', '\u001b[31mred\u001b[0m title', 'OPEN → MERGED'],
			],
		},
		...Array.from({length: 12}, (_, index) => ({
			title: `Settings ${index}`,
			rows: [[`setting ${index}`, 'changed']],
		})),
	],
};

export function inspected(id: string): InspectedSnapshot {
	const listed = snapshots.find(one => one.id === id) ?? snapshots[0];
	if (listed === undefined) {
		throw new Error('There are no snapshots.');
	}

	return {
		...listed,
		repository: 'web-frontend',
		head: 'main',
		branches: 98,
		tags: 30,
		otherRefs: 0,
		incomplete:
			listed.lacks > 0
				? [
						{what: 'LFS objects', problem: '2 of 5 are missing upstream'},
						{what: 'webhooks', problem: 'the scope read:webhook:bitbucket is missing'},
					]
				: [],
	};
}

export const pullRequests: SavedPullRequests['pullRequests'] = Array.from({length: 42}, (_, index) => ({
	number: 42 - index,
	state: ['OPEN', 'MERGED', 'DECLINED'][index % 3] ?? null,
	title:
		index === 3
			? 'A title that is so long that nobody could read it to its end in one line of any terminal at all'
			: `Change number ${42 - index}`,
	author: ['Ada Example', 'Grace Example', 'データ 太郎'][index % 3] ?? null,
	created: '2026-11-01T10:00:00.000Z',
	updated: '2026-11-20T10:00:00.000Z',
}));

export const pullRequestPage = [
	'# #42 Checkout in one step',
	'',
	'- State: OPEN',
	'- Author: Ada Example',
	'',
	'## Description',
	'',
	'> A description that is longer than a line of a small terminal, so that it has to be broken, and still is a quote.',
	'',
	...Array.from({length: 40}, (_, index) => `- comment ${index + 1}: looks good`),
	'',
	'## Changes',
	'',
	'    git --git-dir=/srv/backup/acme/web-frontend-0a1b2c3d.git show the-end',
	'',
].join('\n');

export const restored: Restored = {
	repository: 'web-frontend',
	snapshot: idOf(0),
	at: '2026-11-22T11:30:00.000Z',
	to: '/tmp/restored.git',
	form: 'bare',
	status: 'restored',
	refs: 128,
	head: 'refs/heads/main',
	lfsObjects: 3,
	downloads: 1,
	metadata: '/tmp/restored.git-metadata',
	rejected: [],
	overwritten: [],
	problems: [],
	notes: [],
};

export const verification: Verification = {
	repository: 'web-frontend',
	kind: 'repository',
	folder: `${destination}/acme/${folder}`,
	uuid: '{0}',
	state: 'repaired',
	findings: [
		{kind: 'pack', state: 'repaired', text: 'the pack pack-1234.pack is damaged: 2 objects cannot be read'},
		{kind: 'foreign-file', state: 'noted', text: 'a file that nobody here wrote: notes.txt'},
	],
	repairs: ['2 objects were fetched anew from Bitbucket'],
	snapshots: 24,
	objects: 12_345,
	bytes: 310_000_000,
	verifiedAt: '2026-11-22T11:59:00.000Z',
	durationMs: 4200,
};

export const forgotten: ForgottenMirror = {
	name: 'web-frontend',
	kind: 'repository',
	view: {
		keep: snapshots.slice(0, 7).map(({id}, index) => ({
			id,
			reasons: index === 0 ? ['daily', 'newest snapshot'] : ['daily'],
		})),
		remove: snapshots.slice(7).map(({id}) => id),
		frozen: undefined,
		frees: {lfs: 0, downloads: 1_200_000, objects: 34_000_000},
		problems: [],
	},
	freed: 0,
	failure: undefined,
};

export const frozenForgotten: ForgottenMirror = {
	...forgotten,
	view: {
		keep: snapshots.map(({id}) => ({id, reasons: [`frozen: ${frozen.reason}`]})),
		remove: [],
		frozen,
		frees: {lfs: 0, downloads: 0, objects: 0},
		problems: [],
	},
};

type Note = <Input extends unknown[], Output>(
	name: string,
	answer: (...input: Input) => Output,
) => (...input: Input) => Output;

/** Backups without any disk below them. */
export function createFakeBackups(note: Note): BackupServices {
	return {
		backups: async () => [repositoryBackup],
		workspaceBackups: async () => workspaceBackups,
		snapshots: async () => repositorySnapshots,
		changesTexts: async (_of, pairs) => new Map(pairs.map(({after}) => [after, changesTextOf(after)])),
		snapshot: async (_of, id) => inspected(id),
		compare: async (_of, {before, after}) => ({...compared, before, after}),
		pullRequests: async (_of, snapshot) => ({repository: 'web-frontend', snapshot, pullRequests}),
		pullRequest: async () => pullRequestPage,
		snapshotFiles: async (_of, snapshot) => ({repository: 'web-frontend', snapshot, files: snapshotFiles}),
		snapshotFile: async (_of, _snapshot, path) =>
			[
				'{',
				`  "file": "${path}",`,
				'  "members": [',
				...Array.from({length: 60}, (_, index) => `    "member-${index}",`),
				'    "the last"',
				'  ]',
				'}',
			].join('\n'),
		restoreTarget: async ({to}) => ({
			to,
			signsInAs: undefined,
			problem: to.startsWith('/full')
				? `${to} is not empty: it was left as it is. Name a folder that does not exist, or an empty one.`
				: undefined,
		}),
		restore: note('restore', async ({to}) => ({...restored, to})),
		verify: note('verify', async () => [verification]),
		inspectForget: async () => forgotten,
		forget: note('forget', async () => ({...forgotten, freed: 35_200_000})),
		acceptChange: note('acceptChange', async () => frozen.reason),
		settled: async () => undefined,
	};
}
