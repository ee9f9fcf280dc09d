import type {Random} from '../random.ts';
import type {BranchingModel, Project} from '../world.ts';
import {deployKey} from './keys.ts';
import type {People} from './people.ts';
import {day, isoTime, present} from './timeline.ts';

const drafts = [
	{key: 'WEB', name: 'Shop & Web', description: 'All that runs in a browser or a pocket', isPrivate: false},
	{key: 'PAY', name: 'Payments', description: 'Money in, money out', isPrivate: true},
	{key: 'PLAT', name: 'Platform ⚙️', description: '', isPrivate: true},
] as const;

export function generateProjects(random: Random, people: People): Project[] {
	return drafts.map(draft => {
		const own = random.derive(`project/${draft.key}`);
		return {
			...draft,
			uuid: own.uuid(),
			createdOn: isoTime(present - own.integer(1000, 1500) * day),
			updatedOn: isoTime(present - own.integer(10, 300) * day),
			defaultReviewers: own.sample(people.developers, draft.key === 'PAY' ? 2 : 0).map(({uuid}) => uuid),
			branchingModel: defaultBranchingModel(),
			userPermissions: own
				.sample(people.developers, 1)
				.map(({uuid}) => ({user: uuid, permission: 'admin' as const})),
			groupPermissions: [
				{group: 'administrators', permission: 'admin'},
				{group: 'developers', permission: 'write'},
				{group: 'backup', permission: 'admin'},
				{group: 'auditors', permission: 'read'},
			],
			deployKeys: draft.key === 'PLAT' ? [deployKey(own, 900_001, 'Deployment', people.developers[0])] : [],
		};
	});
}

export function defaultBranchingModel(): BranchingModel {
	return {
		development: {name: null, useMainbranch: true},
		production: {name: null, useMainbranch: false, enabled: false},
		branchTypes: [
			{kind: 'bugfix', prefix: 'bugfix/', enabled: true},
			{kind: 'feature', prefix: 'feature/', enabled: true},
			{kind: 'hotfix', prefix: 'hotfix/', enabled: true},
			{kind: 'release', prefix: 'release/', enabled: true},
		],
	};
}
