import {json, list} from '../answers.ts';
import {byId, byUuid, found} from '../find-one.ts';
import {type Route, repositoryRoute} from '../route.ts';
import {
	administerRepository,
	readDeployKeys,
	readPullRequests,
	readRepository,
	readWebhooks,
} from '../scope-sets.ts';
import {branchingModelJson, branchingModelSettingsJson} from '../shapes/branching-model.ts';
import {accountJson} from '../shapes/people.ts';
import {branchRestrictionJson, deployKeyJson, webhookJson} from '../shapes/settings.ts';
import {repositoryApi} from '../shapes/source.ts';

export const settingRoutes: readonly Route[] = [
	repositoryRoute({
		path: '/branch-restrictions',
		scopes: administerRepository,
		needs: 'admin',
		async answer({services, repository, contents, query}) {
			const fits = (name: string, value: string) => (query.get(name) ?? value) === value;
			const restrictions = (await contents()).branchRestrictions.filter(
				({kind, pattern}) => fits('kind', kind) && fits('pattern', pattern),
			);
			return list(restrictions, restriction => branchRestrictionJson(services, repository, restriction));
		},
	}),
	repositoryRoute({
		path: '/branch-restrictions/{id}',
		scopes: administerRepository,
		needs: 'admin',
		async answer({services, repository, contents, parameter}) {
			const restriction = byId((await contents()).branchRestrictions, parameter('id'));
			return json(branchRestrictionJson(services, repository, restriction));
		},
	}),
	branchingModel('branching-model', 'branching_model'),
	branchingModel('effective-branching-model', 'effective_repo_branching_model'),
	repositoryRoute({
		path: '/branching-model/settings',
		scopes: administerRepository,
		needs: 'admin',
		async answer({services, repository, contents}) {
			const self = `${repositoryApi(services, repository)}/branching-model/settings`;
			return json(branchingModelSettingsJson((await contents()).branchingModel, self));
		},
	}),
	repositoryRoute({
		path: '/default-reviewers',
		scopes: readPullRequests,
		answer: async ({services, contents}) =>
			list((await contents()).defaultReviewers, uuid => accountJson(services, uuid)),
	}),
	repositoryRoute({
		path: '/default-reviewers/{target_username}',
		scopes: readPullRequests,
		async answer({services, contents, parameter}) {
			const name = parameter('target_username');
			const reviewer = (await contents()).defaultReviewers.find(uuid => uuid === name);
			return json(accountJson(services, found(reviewer, `${name} is not a default reviewer.`)));
		},
	}),
	repositoryRoute({
		path: '/effective-default-reviewers',
		scopes: readPullRequests,
		async answer({services, repository, contents}) {
			const project = services.world.projects.find(({key}) => key === repository.project);
			const reviewers = [
				...(await contents()).defaultReviewers.map(user => ({user, from: 'repository'})),
				...(project?.defaultReviewers ?? []).map(user => ({user, from: 'project'})),
			];
			return list(reviewers, ({user, from}) => ({
				type: 'default_reviewer',
				reviewer_type: from,
				user: accountJson(services, user),
			}));
		},
	}),
	repositoryRoute({
		path: '/deploy-keys',
		scopes: readDeployKeys,
		needs: 'admin',
		answer: async ({services, repository, contents}) =>
			list((await contents()).deployKeys, key => deployKeyJson(services, repository, key)),
	}),
	repositoryRoute({
		path: '/deploy-keys/{key_id}',
		scopes: readDeployKeys,
		needs: 'admin',
		answer: async ({services, repository, contents, parameter}) =>
			json(deployKeyJson(services, repository, byId((await contents()).deployKeys, parameter('key_id')))),
	}),
	repositoryRoute({
		path: '/hooks',
		scopes: readWebhooks,
		resource: 'webhooks',
		needs: 'admin',
		answer: async ({services, repository, contents}) =>
			list((await contents()).webhooks, webhook => webhookJson(services, webhook, repository)),
	}),
	repositoryRoute({
		path: '/hooks/{uid}',
		scopes: readWebhooks,
		resource: 'webhooks',
		needs: 'admin',
		answer: async ({services, repository, contents, parameter}) =>
			json(webhookJson(services, byUuid((await contents()).webhooks, parameter('uid')), repository)),
	}),
];

function branchingModel(name: string, type: string): Route {
	return repositoryRoute({
		path: `/${name}`,
		scopes: readRepository,
		async answer({services, repository, contents}) {
			const self = `${repositoryApi(services, repository)}/${name}`;
			return json(branchingModelJson(services, {repository, contents: await contents()}, type, self));
		},
	});
}
