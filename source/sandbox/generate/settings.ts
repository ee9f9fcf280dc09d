import type {Random} from '../random.ts';
import type {BranchingModel, BranchRestriction, RepositoryContents, Variable, Webhook} from '../world.ts';
import type {Blueprint} from './blueprint.ts';
import {deployKey, knownHost, publicKey} from './keys.ts';
import type {People} from './people.ts';
import {defaultBranchingModel} from './projects.ts';
import {day, isoTime, present} from './timeline.ts';

export type Settings = Pick<
	RepositoryContents,
	| 'branchRestrictions'
	| 'branchingModel'
	| 'defaultReviewers'
	| 'deployKeys'
	| 'webhooks'
	| 'pipelinesEnabled'
	| 'environments'
	| 'variables'
	| 'schedules'
	| 'knownHosts'
	| 'sshKeyPair'
	| 'runners'
>;

/** A repository that nobody has committed to has none but the model that every repository has. */
export function generateSettings(random: Random, blueprint: Blueprint, people: People): Settings {
	const used = blueprint.commits > 0;
	const large = blueprint.commits >= 20;
	const firstId = 1_000_000 + blueprint.ordinal * 100;
	return {
		branchRestrictions: used ? branchRestrictions(random, blueprint, people, firstId) : [],
		branchingModel: branchingModel(blueprint, large),
		defaultReviewers: random.sample(people.developers, large ? 2 : 0).map(({uuid}) => uuid),
		deployKeys: large
			? [
					deployKey(random, firstId + 50, 'Build server', random.pick(people.developers)),
					...(random.chance(0.5) ? [deployKey(random, firstId + 51, 'Mirror', people.former)] : []),
				]
			: [],
		webhooks: used
			? generateWebhooks(random, 'repository', large ? random.integer(1, 2) : random.integer(0, 1))
			: [],
		pipelinesEnabled: used,
		environments: large
			? (['Test', 'Staging', 'Production'] as const).map((name, rank) => ({
					uuid: random.uuid(),
					name,
					slug: name.toLowerCase(),
					environmentType: name,
					rank,
					hidden: false,
					adminOnly: name === 'Production',
					variables: generateVariables(random, ['DATABASE_URL', 'DEPLOY_PASSWORD'].slice(0, 1 + (rank % 2))),
				}))
			: [],
		variables: used ? generateVariables(random, ['NODE_ENV', 'REGISTRY_TOKEN', 'GREETING']) : [],
		schedules: large
			? [
					{
						uuid: random.uuid(),
						enabled: random.chance(0.8),
						cronPattern: `0 ${random.integer(0, 59)} ${random.integer(0, 5)} * * ? *`,
						target: {refName: blueprint.trunk, selectorType: 'custom', selectorPattern: 'nightly'},
						createdOn: isoTime(present - random.integer(100, 200) * day),
						updatedOn: isoTime(present - random.integer(1, 90) * day),
						executions: [],
					},
				]
			: [],
		knownHosts: large
			? [knownHost(random, 'deploy.acme.example'), knownHost(random, '[bastion.acme.example]:2222')]
			: [],
		...(large && {sshKeyPair: {publicKey: publicKey(random)}}),
		runners: random.chance(large ? 0.4 : 0) ? [generateRunner(random, `${blueprint.slug}-runner`)] : [],
	};
}

export function generateWebhooks(
	random: Random,
	subjectType: Webhook['subjectType'],
	count: number,
): Webhook[] {
	const drafts = [
		{description: 'Chat', events: ['repo:push', 'pullrequest:created', 'pullrequest:fulfilled']},
		{description: 'Build starter 🏗️', events: ['repo:push']},
	];
	return drafts.slice(0, count).map(({description, events}, index) => ({
		uuid: random.uuid(),
		url: `https://hooks.acme.example/${random.hexadecimal(12)}`,
		description,
		subjectType,
		active: index === 0 || random.chance(0.5),
		createdAt: isoTime(present - random.integer(50, 600) * day),
		events,
		secretSet: random.chance(0.5),
		skipCertVerification: false,
	}));
}

/** Those whose name says that nobody may read them are secured. */
export function generateVariables(random: Random, keys: readonly string[]): Variable[] {
	return keys.map(key => {
		const secured = /TOKEN|PASSWORD/.test(key);
		const value = key === 'GREETING' ? 'Grüß Gott 👋' : `${key.toLowerCase()}-${random.hexadecimal(6)}`;
		return {uuid: random.uuid(), key, secured, ...(!secured && {value})};
	});
}

export function generateRunner(random: Random, name: string): RepositoryContents['runners'][number] {
	return {
		uuid: random.uuid(),
		name,
		labels: ['self.hosted', 'linux', random.pick(['gpu', 'big', 'eu'])],
		status: random.pick(['ONLINE', 'OFFLINE'] as const),
		version: '4.3.1',
		createdOn: isoTime(present - random.integer(50, 300) * day),
		updatedOn: isoTime(present - random.integer(1, 40) * day),
	};
}

function branchingModel({trunk}: Blueprint, large: boolean): BranchingModel {
	const model = defaultBranchingModel();
	return trunk === 'develop' && large
		? {...model, production: {name: 'main', useMainbranch: false, enabled: true}}
		: model;
}

function branchRestrictions(
	random: Random,
	{trunk}: Blueprint,
	people: People,
	firstId: number,
): BranchRestriction[] {
	const trusted = random.sample(people.developers, 2).map(({uuid}) => uuid);
	const onTrunk = {branchMatchKind: 'glob', pattern: trunk} as const;
	const restrictions: Array<Omit<BranchRestriction, 'id'>> = [
		{...onTrunk, kind: 'push', value: null, users: trusted, groups: ['administrators']},
		{...onTrunk, kind: 'force', value: null, users: [], groups: []},
		{...onTrunk, kind: 'delete', value: null, users: [], groups: []},
		{...onTrunk, kind: 'require_approvals_to_merge', value: random.integer(1, 2), users: [], groups: []},
		{...onTrunk, kind: 'require_tasks_to_be_completed', value: null, users: [], groups: []},
		{
			branchMatchKind: 'branching_model',
			pattern: '',
			branchType: 'release',
			kind: 'restrict_merges',
			value: null,
			users: [],
			groups: ['developers'],
		},
	];
	return restrictions.slice(0, random.integer(3, restrictions.length)).map((restriction, index) => ({
		id: firstId + index,
		...restriction,
	}));
}
