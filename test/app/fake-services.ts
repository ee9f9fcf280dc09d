import type {CredentialSummary} from '../../source/actions/credentials.ts';
import type {PlanForecast} from '../../source/actions/forecast-plan.ts';
import type {OrganizationSummary} from '../../source/actions/organizations.ts';
import type {PlanSummary} from '../../source/actions/plans.ts';
import type {RepositoryTile} from '../../source/actions/repositories.ts';
import type {AppServices} from '../../source/app/services.ts';
import {NotificationsSchema} from '../../source/model/notifications.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {type RunEvent, RunEventSchema} from '../../source/runs/events.ts';
import {createFakeBackups} from './fake-backups.ts';

/** Noon of a day, so that times of the same day are "today" in every time zone that tests may run in. */
export const now = Date.parse('2026-11-22T12:00:00.000Z');

const organization: OrganizationSummary = {
	workspace: 'acme',
	apiUrl: 'https://api.bitbucket.org/2.0',
	gitUrl: 'https://bitbucket.org',
	reservePercent: 5,
	primaryCredential: 'primary',
	additionalCredentials: ['bot-1', 'bot-1-second', 'ci-token'],
	plans: ['nightly'],
};

const limit = {requests: 1000, windowMilliseconds: 3_600_000};

const credential = (
	part: Partial<CredentialSummary> & Pick<CredentialSummary, 'label'>,
): CredentialSummary => ({
	id: `id-${part.label}`,
	kind: 'api-token',
	isPrimary: false,
	state: 'ok',
	limit,
	used: 0,
	plans: [],
	...part,
});

export const credentials: readonly CredentialSummary[] = [
	credential({
		label: 'primary',
		isPrimary: true,
		username: 'backup@acme.example',
		account: {id: 'user:{1}', name: 'Backup Primary'},
		check: {
			state: 'ok',
			checkedAt: '2026-11-22T11:00:00.000Z',
			account: {id: 'user:{1}', name: 'Backup Primary'},
		},
		used: 812,
		expiresAt: '2027-06-11',
		plans: ['nightly'],
	}),
	credential({
		label: 'bot-1',
		username: 'bot-1@acme.example',
		account: {id: 'user:{2}', name: 'Backup Bot 1'},
		state: 'missing-scopes',
		check: {
			state: 'missing-scopes',
			checkedAt: '2026-11-22T11:00:00.000Z',
			account: {id: 'user:{2}', name: 'Backup Bot 1'},
			missingScopes: [{scope: 'admin:repository:bitbucket', costs: 'branch restrictions, deploy keys'}],
		},
		used: 640,
		expiresAt: '2026-12-04',
		plans: ['nightly'],
	}),
	credential({
		label: 'bot-1-second',
		username: 'bot-1@acme.example',
		account: {id: 'user:{2}', name: 'Backup Bot 1'},
		sameAccountAs: 'bot-1',
		used: 640,
	}),
	credential({
		label: 'ci-token',
		kind: 'workspace-access-token',
		account: {id: 'token:1', name: 'ci-token (token)'},
		limit: {requests: 3500, windowMilliseconds: 3_600_000},
		used: 310,
	}),
	credential({
		label: 'bot-3',
		state: 'refused',
		check: {
			state: 'refused',
			checkedAt: '2026-11-22T11:00:00.000Z',
			status: 401,
			message: 'Token is expired',
		},
	}),
];

const plan = PlanSchema.parse({
	name: 'nightly',
	organization: 'acme',
	exclude: ['archived-*'],
	schedule: '0 2 * * *',
	keep: {daily: 7},
	advanced: {additionalCredentials: {enabled: false, credentials: []}},
});

export const plans: readonly PlanSummary[] = [
	{
		name: 'nightly',
		organization: 'acme',
		plan,
		destination: '/srv/backup',
		credentials: ['primary'],
		accounts: 1,
		nextRunAt: '2026-11-23T02:00:00.000Z',
	},
];

const names = [
	'web-frontend',
	'billing-service',
	'データ湖 data-lake',
	'design-system ✨',
	'legacy-erp',
	'mobile-app',
	'payments-core',
	'search-index',
	'a-repository-with-a-name-that-is-much-too-long-for-any-tile-that-anybody-would-draw',
];

export const repositories: readonly RepositoryTile[] = names.map((name, index) => ({
	name,
	slug: `repository-${index}`,
	uuid: `{${index}}`,
	project: {key: 'WEB', name: 'Web'},
	size: 1_200_000 * (index + 1),
	isUpstream: index !== 4,
	plans: index === 5 ? [] : ['nightly'],
	...(index === 5
		? {}
		: {
				backup: {
					workspace: 'acme',
					uuid: `{${index}}`,
					slug: `repository-${index}`,
					plan: 'nightly',
					lastRunAt: '2026-11-22T11:30:00.000Z',
					lastBackupAt: '2026-11-22T11:30:00.000Z',
					status:
						index === 1 ? ('partial' as const) : index === 6 ? ('failed' as const) : ('backed-up' as const),
					snapshot: '20261122T113000.000Z',
					bytes: 310_000_000,
				},
			}),
}));

const runId = '20261122T115500.000Z-nightly';

const at = (seconds: number): string =>
	new Date(Date.parse('2026-11-22T11:55:00.000Z') + seconds * 1000).toISOString();

const account = (id: string, label: string, labels: readonly string[] = [label]) => ({
	account: id,
	label,
	credentials: [...labels],
	limits: {api: {limit: 1000, windowMs: 3_600_000}},
});

export const quota = (id: string, label: string, used: number, more: Record<string, unknown> = {}) => ({
	type: 'quota',
	account: id,
	label,
	resource: 'api',
	limit: 1000,
	windowMs: 3_600_000,
	used,
	remaining: Math.max(0, 950 - used),
	reserve: 50,
	resets: new Date(now + 2_460_000).toISOString(),
	frozenUntil: null,
	source: 'estimate',
	perMinute: 38,
	...more,
});

const finished = (repository: string, status: string, problems: readonly string[] = []) => ({
	type: 'repository-finished',
	repository,
	status,
	snapshot: '20261122T115501.000Z',
	requests: {api: 12, git: 4},
	bytes: 120_000,
	problems,
});

/** What an account's quota was at the ends of the last minutes. */
const minutesOf = (
	id: string,
	label: string,
	rates: readonly number[],
	used: number,
	more: Record<string, unknown> = {},
) =>
	rates.map((perMinute, minute) => ({
		...quota(id, label, used, {...more, perMinute, sent: Math.round((used * (minute + 1)) / rates.length)}),
		at: at(minute * 60 + 40),
	}));

const runForecast = {
	sent: {api: 2150, git: 44},
	requests: {api: {low: 900, likely: 1240, high: 1900}, git: {low: 20, likely: 40, high: 64}},
	endsAt: {
		soonest: new Date(now + 300_000).toISOString(),
		likely: new Date(now + 840_000).toISOString(),
		latest: new Date(now + 2_400_000).toISOString(),
	},
	decidedBy: 'quota',
	resource: 'api',
	accounts: 4,
	basis: 'earlier runs',
};

/** A run in the middle of its work, with an account of every kind of state. */
export const runEvents: readonly RunEvent[] = [
	{
		type: 'run-started',
		plan: 'nightly',
		organization: 'acme',
		repositories: 14,
		pid: 4242,
		accounts: [
			account('user:{1}', 'primary'),
			account('user:{2}', 'bot-1', ['bot-1', 'bot-1-second']),
			account('user:{3}', 'bot-2'),
			account('token:1', 'ci-token'),
			account('user:{4}', 'bot-3'),
		],
	},
	quota('user:{1}', 'primary', 812),
	quota('user:{2}', 'bot-1', 640, {perMinute: 41}),
	quota('user:{3}', 'bot-2', 950, {
		remaining: 0,
		resets: new Date(now + 130_000).toISOString(),
		perMinute: 0,
	}),
	quota('token:1', 'ci-token', 310, {
		limit: 3500,
		remaining: 3015,
		reserve: 175,
		source: 'server',
		perMinute: 40,
	}),
	{
		type: 'account-failed',
		account: 'user:{4}',
		label: 'bot-3',
		reason: 'Bitbucket refused the sign-in of "bot-3" (401): Token is expired.',
		status: 401,
	},
	...['billing-service', 'design-system', 'legacy-erp', 'payments-core', 'web-frontend', 'data-lake'].map(
		repository => ({
			type: 'repository-started',
			repository,
		}),
	),
	finished('billing-service', 'partial', ['2 LFS objects are missing upstream']),
	finished('payments-core', 'failed', ['fetch: the connection was reset, tried 5 times']),
	finished('design-system', 'unchanged'),
	finished('legacy-erp', 'backed-up'),
	{
		type: 'repository-progress',
		repository: 'web-frontend',
		stage: 'pull-requests',
		done: 1240,
		total: 1800,
		unit: 'pull requests',
	},
	{
		type: 'repository-progress',
		repository: 'data-lake',
		stage: 'git',
		done: 212_000,
		total: 700_000,
		unit: 'objects',
	},
	{type: 'forecast', ...runForecast},
	{
		type: 'repositories-listed',
		repositories: [
			...['billing-service', 'design-system', 'legacy-erp', 'payments-core', 'web-frontend', 'data-lake'],
			...['search-index', 'mobile-app', 'notification-hub', 'infrastructure', 'shop-backend'],
			...['shop-frontend', 'intranet', 'developer-tools'],
		],
	},
	...minutesOf('user:{1}', 'primary', [22, 31, 52, 70, 38], 812),
	...minutesOf('user:{2}', 'bot-1', [48, 49, 58, 60, 41], 640),
	...minutesOf('user:{3}', 'bot-2', [71, 55, 30, 4, 0], 950, {
		remaining: 0,
		resets: new Date(now + 130_000).toISOString(),
	}),
	...minutesOf('token:1', 'ci-token', [40, 41, 40, 42, 40], 310, {
		limit: 3500,
		remaining: 3015,
		reserve: 175,
		source: 'server',
	}),
	...minutesOf('user:{1}', 'primary', [9, 8, 12, 7, 6], 260, {
		resource: 'git',
		limit: 60_000,
		remaining: 56_740,
		reserve: 3000,
	}),
].map((event, index) => RunEventSchema.parse({at: at(index * 10), run: runId, ...event}));

export const runEnd: RunEvent = RunEventSchema.parse({
	type: 'run-finished',
	at: at(290),
	run: runId,
	status: 'partial',
	repositories: {total: 14, backedUp: 9, unchanged: 3, partial: 1, failed: 1},
	requests: {total: 3420, throttled: 3},
	accounts: [
		{account: 'user:{1}', label: 'primary', requests: {api: 1240, git: 44}, throttled: 3},
		{account: 'user:{2}', label: 'bot-1', requests: {api: 1096}, throttled: 0},
		{account: 'user:{3}', label: 'bot-2', requests: {api: 730}, throttled: 0},
		{account: 'token:1', label: 'ci-token', requests: {api: 310}, throttled: 0},
	],
	bytes: 1_400_000,
	durationMs: 290_000,
	problems: [],
	forecast: runForecast,
});

const moment = (seconds: number, decidedBy: 'quota' | 'pace' = 'quota') => ({
	inMilliseconds: seconds * 1000,
	decidedBy,
	resource: 'api' as const,
});

/** What the plan's next run would take. */
export const planForecast: PlanForecast = {
	plan: 'nightly',
	organization: 'acme',
	repositories: 398,
	hasSeenAll: true,
	basis: 'earlier runs',
	requests: {
		api: {low: 2900, likely: 3420, high: 4100},
		git: {low: 398, likely: 590, high: 1592},
		webhooks: {low: 1, likely: 1, high: 1},
	},
	pace: {slowest: 20, likely: 31, fastest: 38},
	now: {accounts: 4, forecast: {soonest: moment(88, 'pace'), likely: moment(1510), latest: moment(2470)}},
	oneMore: {
		accounts: 5,
		forecast: {soonest: moment(88, 'pace'), likely: moment(110, 'pace'), latest: moment(250, 'pace')},
	},
	oneFewer: {accounts: 3, forecast: {soonest: moment(1490), likely: moment(3620), latest: moment(7300)}},
};

export type Calls = Array<{readonly name: string; readonly arguments: readonly unknown[]}>;

/** Services that remember what was asked of them. The run goes on until it is left. */
export function createFakeServices(parts: Partial<AppServices> = {}): AppServices & {readonly calls: Calls} {
	const calls: Calls = [];
	const note =
		<Input extends unknown[], Output>(name: string, answer: (...input: Input) => Output) =>
		(...input: Input): Output => {
			calls.push({name, arguments: input});
			return answer(...input);
		};

	return {
		...createFakeBackups(note),
		calls,
		organizations: async () => [organization],
		addOrganization: note('addOrganization', async () => {
			throw new Error('not in this test');
		}),
		repositories: async () => repositories,
		knownRepositories: async () => repositories,
		credentials: async () => credentials,
		addCredential: note('addCredential', async (_workspace, {label, kind}) => ({
			credential: {id: `id-${label}`, label, kind, addedAt: new Date(now).toISOString()},
			check: {
				state: 'ok' as const,
				checkedAt: new Date(now).toISOString(),
				account: {id: 'user:{9}', name: 'Backup Bot 4'},
			},
		})),
		editCredential: note('editCredential', async () => {
			throw new Error('not in this test');
		}),
		removeCredential: note('removeCredential', async () => ({plans: ['nightly']})),
		checkCredential: note('checkCredential', async () => undefined),
		checkDestination: async destination => ({
			path: destination === '' ? '/home/backups' : destination,
			state: 'can-be-made',
			nearest: '/srv',
			freeBytes: 1_400_000_000_000,
		}),
		expiring: async () => [],
		plans: async () => plans,
		schedules: async () => ({plans: ['nightly'], isHeeded: true, unreadable: []}),
		addPlan: note('addPlan', async draft => PlanSchema.parse(draft)),
		editPlan: note('editPlan', async (name, changes) => PlanSchema.parse({...plan, ...changes, name})),
		forecast: async () => planForecast,
		removePlan: note('removePlan', async () => undefined),
		startRun: note('startRun', async () => runId),
		pauseRun: note('pauseRun', async () => true),
		resumeRun: note('resumeRun', async () => true),
		cancelRun: note('cancelRun', async () => undefined),
		followRun: async function* (_run, signal) {
			yield* runEvents;
			await new Promise((_resolve, reject) => {
				signal.addEventListener('abort', () => reject(signal.reason));
			});
		},
		runs: async () => [
			{
				run: runId,
				plan: 'nightly',
				organization: 'acme',
				startedAt: at(0),
				finishedAt: at(290),
				status: 'partial',
				counts: {total: 14, backedUp: 9, unchanged: 3, partial: 1, failed: 1},
				requests: 3420,
				throttled: 0,
				bytes: 1_400_000,
				durationMs: 290_000,
				problems: [],
				journal: '/home/runs/x.ndjson',
			},
		],
		unlock: note('unlock', async passphrase => {
			if (passphrase !== 'correct horse') {
				throw new Error('That is not the passphrase.');
			}
		}),
		settings: async () => [
			{section: 'Where things lie', name: 'Secrets', value: '/home/vault.age'},
			{section: 'Vault', name: 'State', value: 'open, with the secrets of 5 credentials'},
			{section: 'Schedules', name: 'Scheduler', value: 'looks once a minute, and starts nightly'},
			{
				section: 'Notifications',
				name: 'Told',
				value:
					'after runs that ask for a look: partial, failed, cancelled, throttled, or a credential expires soon',
			},
			{
				section: 'Notifications',
				name: 'Command',
				value: "mail -s 'Backup of Bitbucket' admin@acme.example",
			},
		],
		notifications: async () => ({
			when: 'problems',
			command: ['mail', '-s', 'Backup of Bitbucket', 'admin@acme.example'],
		}),
		setNotifications: note('setNotifications', async draft => NotificationsSchema.parse(draft)),
		testNotifications: note('testNotifications', async () => ({output: 'sent'})),
		forgetNotifications: note('forgetNotifications', async () => true),
		notices: () => [],
		now: () => now,
		...parts,
	};
}
