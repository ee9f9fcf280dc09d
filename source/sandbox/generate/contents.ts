import {type FindUser, readAllCommits, readRefs} from '../git-listing.ts';
import type {GitProcess} from '../git-process.ts';
import type {Random} from '../random.ts';
import type {Commit, Repository, RepositoryContents} from '../world.ts';
import type {Blueprint} from './blueprint.ts';
import {generateCommitComments, generateStatuses} from './commit-remarks.ts';
import {generateDownloads} from './downloads.ts';
import type {HistoryPlan} from './history-plan.ts';
import {importHistory} from './import-history.ts';
import type {People} from './people.ts';
import {generatePipelines} from './pipelines.ts';
import {planHistory} from './plan-history.ts';
import {generatePullRequest} from './pull-requests.ts';
import {generateSettings} from './settings.ts';

/** Comments and tasks of a repository are numbered from here on, with room for a great many. */
const idsOfRepository = 100_000;

export type ContentsOptions = {
	/** The world's stream; only streams derived from it are drawn from. */
	readonly random: Random;
	readonly repository: Repository;
	readonly blueprint: Blueprint;
	readonly people: People;
	readonly git: GitProcess;
	/** An empty bare repository. */
	readonly gitDirectory: string;
	readonly findUser: FindUser;
};

/** Makes a repository's history in Git, reads its hashes back, and hangs everything else on them. */
export async function generateContents(options: ContentsOptions): Promise<RepositoryContents> {
	const {random, repository, blueprint, people, git, gitDirectory, findUser} = options;
	const own = random.derive(`contents/${blueprint.slug}`);
	const settings = generateSettings(own.derive('settings'), blueprint, people);
	if (blueprint.commits === 0) {
		return {...nothing(), ...settings};
	}

	const plan = planHistory(random, blueprint, people);
	const hashOf = await importHistory(git, gitDirectory, plan);
	const [refs, commits] = await Promise.all([
		readRefs(git, gitDirectory, findUser),
		readAllCommits(git, gitDirectory, findUser),
	]);

	let lastId = 500_000_000 + blueprint.ordinal * idsOfRepository;
	const newId = () => ++lastId;
	const developers = people.developers;
	const pullRequests = plan.pullRequests.map(planned =>
		generatePullRequest(own.derive(`pull-request/${planned.id}`), planned, {
			repository: repository.uuid,
			developers,
			plan,
			hashOf,
			newId,
			end: blueprint.end,
		}),
	);
	const built = trunkCommits(plan, hashOf, commits).slice(blueprint.commits >= 20 ? -12 : -2);
	const {pipelines, deployments} = generatePipelines(own.derive('pipelines'), {
		commits: built,
		branch: blueprint.trunk,
		developers,
		environments: settings.environments,
		schedule: settings.schedules[0],
	});
	const sources = pullRequests.slice(-3).map(({source}) => source.commit);
	return {
		...settings,
		refs,
		commits,
		pullRequests,
		pipelines,
		deployments,
		commitStatuses: generateStatuses(own.derive('statuses'), pipelines, sources),
		commitComments: generateCommitComments(own.derive('commit-comments'), {
			commits: built,
			developers,
			newId,
		}),
		downloads: generateDownloads(own.derive('downloads'), blueprint, people),
		lfsObjects: [...plan.lfsObjects].map(([oid, content]) => ({
			oid,
			size: content.length,
			content,
			missing: false,
		})),
	};
}

function trunkCommits(
	plan: HistoryPlan,
	hashOf: (mark: number) => string,
	commits: ReadonlyMap<string, Commit>,
): Commit[] {
	return plan.trunkMarks.flatMap(mark => commits.get(hashOf(mark)) ?? []);
}

function nothing() {
	return {
		refs: [],
		commits: new Map<string, Commit>(),
		pullRequests: [],
		pipelines: [],
		deployments: [],
		commitStatuses: [],
		commitComments: [],
		downloads: [],
		lfsObjects: [],
	};
}
