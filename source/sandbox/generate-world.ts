import type {Blueprint} from './generate/blueprint.ts';
import {generatePeople, type People} from './generate/people.ts';
import {generateProjects} from './generate/projects.ts';
import {generateRepositories} from './generate/repositories.ts';
import {generateRunner, generateVariables, generateWebhooks} from './generate/settings.ts';
import {generateSnippets} from './generate/snippets.ts';
import {day, isoTime, present} from './generate/timeline.ts';
import {createRandom, type Random} from './random.ts';
import type {Uuid, World} from './world.ts';

export type WorldOptions = {
	/** Default 1. */
	readonly seed?: number;
	/** Default 12. */
	readonly repositories?: number;
	/** Of each repository that has commits; by default each has its own number. */
	readonly pullRequests?: number;
	/** Users of the backup besides `Backup Primary`; default 3. */
	readonly accounts?: number;
};

export type GeneratedWorld = {
	readonly world: World;
	readonly random: Random;
	readonly people: People;
	/** What each repository's Git data shall be made from. */
	readonly blueprints: ReadonlyMap<Uuid, Blueprint>;
};

/**
 * Draws a workspace: people, projects, and repositories as far as lists show them. It takes milliseconds even for thousands of
 * repositories, because what hangs on Git is made per repository when it is first asked for (`generate/contents.ts`), from streams
 * of random numbers that bear the repository's name: neither order nor number of the others changes a hash.
 */
export function generateWorld({
	seed = 1,
	repositories = 12,
	pullRequests,
	accounts = 3,
}: WorldOptions = {}): GeneratedWorld {
	const random = createRandom(`world/${seed}`);
	const own = random.derive('workspace');
	const workspace = {
		uuid: own.uuid(),
		slug: 'acme',
		name: 'Acme Ærospace',
		isPrivate: true,
		createdOn: isoTime(present - 2600 * day),
		updatedOn: isoTime(present - 40 * day),
	};
	const people = generatePeople(random.derive('people'), accounts);
	const drawn = generateRepositories(random, {
		count: repositories,
		...(pullRequests !== undefined && {pullRequests}),
		owner: workspace.uuid,
	});
	const world: World = {
		seed,
		workspace,
		users: people.users,
		groups: people.groups,
		members: people.members,
		projects: generateProjects(random, people),
		repositories: drawn.map(({repository}) => repository),
		snippets: generateSnippets(random, people, workspace.uuid),
		webhooks: generateWebhooks(random.derive('webhooks'), 'workspace', 2),
		variables: generateVariables(random.derive('variables'), ['COMPANY', 'SONAR_TOKEN']),
		runners: [generateRunner(random.derive('runner'), 'acme-shared-runner')],
	};
	return {
		world,
		random,
		people,
		blueprints: new Map(drawn.map(({repository, blueprint}) => [repository.uuid, blueprint])),
	};
}
