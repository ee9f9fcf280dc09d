import type {Random} from '../random.ts';
import type {Repository, Uuid} from '../world.ts';
import type {Blueprint} from './blueprint.ts';
import {day, hour, isoTime, present} from './timeline.ts';
import {nouns, qualities} from './vocabulary.ts';

type Draft = {
	readonly name: string;
	readonly slug: string;
	readonly project: string;
	readonly language: string;
	readonly description: string;
	readonly commits: number;
	readonly pullRequests: number;
	readonly trunk?: string;
	readonly lfs?: boolean;
	readonly notes?: boolean;
	/** Slug of the parent. */
	readonly forkOf?: string;
	readonly isPublic?: boolean;
};

/** The repositories that a person meets first. The one of each kind that a backup must get right comes early. */
const named: readonly Draft[] = [
	draft('Web Frontend', 'WEB', 'typescript', 'What customers see. 🛒', 120, 9),
	draft('Billing Service', 'PAY', 'java', 'Invoices, dunning and the monthly close', 90, 7),
	{...draft('Data Lake', 'PLAT', 'python', 'Jobs and their sample data (Git LFS)', 60, 5), lfs: true},
	{...draft('Incident Runbooks', 'PLAT', '', 'To be written', 0, 0)},
	{...draft('Web Frontend Experiments', 'WEB', 'typescript', '', 14, 2), forkOf: 'web-frontend'},
	{...draft('Payments Core', 'PAY', 'kotlin', 'Card and bank transfer payments', 130, 9), trunk: 'develop'},
	draft('Mobile App', 'WEB', 'kotlin', 'Android and, some day, iOS', 80, 7),
	draft('Search Index', 'PLAT', 'rust', '', 60, 6),
	draft('Infrastructure', 'PLAT', 'hcl', 'All that runs, as code', 75, 6),
	{
		...draft('Legacy ERP', 'PAY', 'sql', 'Do not touch before the audit', 45, 4),
		trunk: 'master',
		notes: true,
	},
	draft('Ledger API', 'PAY', 'go', 'Double entry over HTTP', 55, 6),
	{
		...draft('Design System ✨', 'WEB', 'javascript', 'Knöpfe, Farben, 文字', 40, 5),
		slug: 'design-system',
		isPublic: true,
	},
];

/** Tails of the names that follow when more repositories are asked for. */
const tails = ['service', 'worker', 'api', 'tools', 'dashboard', 'sync', 'archive', 'gateway'] as const;
const languages = ['typescript', 'java', 'python', 'go', 'rust', 'hcl'] as const;

export type RepositoryDrawing = {readonly repository: Repository; readonly blueprint: Blueprint};

/**
 * The first `count` repositories. Past the named ones they are tiny and come by the thousand: no Git data is made here.
 * `pullRequests`, when given, is each one's number of pull requests.
 */
export function generateRepositories(
	random: Random,
	options: {readonly count: number; readonly pullRequests?: number; readonly owner: Uuid},
): RepositoryDrawing[] {
	const drawings = new Map<string, RepositoryDrawing>();
	for (let ordinal = 0; ordinal < options.count; ordinal++) {
		const plain = named[ordinal] ?? furtherDraft(random, ordinal);
		const own = random.derive(`repository/${plain.slug}`);
		const parent = plain.forkOf === undefined ? undefined : drawings.get(plain.forkOf);
		const start = present - own.integer(parent ? 60 : 300, parent ? 120 : 900) * day;
		const end = present - own.integer(2, 24 * 20) * hour;
		const empty = plain.commits === 0;
		const blueprint: Blueprint = {
			ordinal,
			slug: plain.slug,
			language: plain.language,
			trunk: plain.trunk ?? 'main',
			commits: plain.commits,
			pullRequests: empty ? 0 : (options.pullRequests ?? plain.pullRequests),
			lfs: plain.lfs ?? false,
			notes: plain.notes ?? false,
			start,
			end: empty ? start : end,
			...(parent && {parent: parent.blueprint}),
		};
		const repository: Repository = {
			uuid: own.uuid(),
			slug: plain.slug,
			name: plain.name,
			project: plain.project,
			isPrivate: !plain.isPublic,
			...(parent && {parent: parent.repository.uuid}),
			...(!empty && {mainBranch: blueprint.trunk}),
			size: empty ? 0 : 60_000 + plain.commits * own.integer(1500, 6000),
			description: plain.description,
			createdOn: isoTime(blueprint.start),
			updatedOn: isoTime(blueprint.end),
			language: plain.language,
			forkPolicy: plain.isPublic ? 'allow_forks' : 'no_public_forks',
			owner: options.owner,
			hasIssues: false,
			hasWiki: false,
			userPermissions: [],
			groupPermissions: [],
		};
		drawings.set(plain.slug, {repository, blueprint});
	}

	return [...drawings.values()];
}

function draft(
	name: string,
	project: string,
	language: string,
	description: string,
	commits: number,
	pullRequests: number,
): Draft {
	const slug = name.toLowerCase().replaceAll(' ', '-');
	return {name, slug, project, language, description, commits, pullRequests};
}

function furtherDraft(random: Random, ordinal: number): Draft {
	const own = random.derive(`further/${ordinal}`);
	// The number keeps names apart however many there are.
	const slug = `${own.pick(qualities)}-${own.pick(nouns)}-${own.pick(tails)}-${ordinal + 1}`;
	return {
		...draft(
			slug,
			own.pick(['WEB', 'PAY', 'PLAT']),
			own.pick(languages),
			'',
			own.integer(3, 9),
			own.integer(0, 3),
		),
		slug,
	};
}
