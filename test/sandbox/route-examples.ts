import type {Sandbox} from '../../source/sandbox/compose-sandbox.ts';
import type {Route} from '../../source/sandbox/rest/route.ts';
import type {Repository, RepositoryContents, SnippetContents} from '../../source/sandbox/world.ts';

type Values = Readonly<Record<string, string>>;

/** Every address of a route that the sandbox's world has something for: all repositories, all that is in them. */
export async function examplesOf(sandbox: Sandbox, route: Route): Promise<string[]> {
	const {world, services} = sandbox;
	const {path} = route;
	const workspace = world.workspace.slug;
	if (path.startsWith('/repositories/{workspace}/{repo_slug}')) {
		const lists = await Promise.all(
			world.repositories.map(async repository =>
				repositoryValues(path, repository, await services.contents(repository)).map(values =>
					fill(path, {...values, workspace, repo_slug: repository.slug}),
				),
			),
		);
		return lists.flat();
	}

	if (path.startsWith('/snippets/{workspace}/{encoded_id}')) {
		const lists = await Promise.all(
			world.snippets.map(async snippet =>
				snippetValues(path, await services.snippetContents(snippet)).map(values =>
					fill(path, {...values, workspace, encoded_id: snippet.id}),
				),
			),
		);
		return lists.flat();
	}

	return workspaceValues(path, sandbox).map(values => fill(path, {...values, workspace}));
}

function fill(path: string, values: Values): string {
	return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
		const value = values[name];
		if (value === undefined) {
			throw new Error(`There is no example of ${name} for ${path}.`);
		}

		return encodeURIComponent(value);
	});
}

function each<Item>(items: readonly Item[], name: string, value: (item: Item) => string | number): Values[] {
	return items.map(item => ({[name]: String(value(item))}));
}

const uuidOf = ({uuid}: {readonly uuid: string}) => uuid;
const idOf = ({id}: {readonly id: number}) => id;

function workspaceValues(path: string, {world}: Sandbox): Values[] {
	const name = /\{(\w+)\}$/.exec(path.replace('{workspace}', ''))?.[1];
	switch (name) {
		case 'member':
			return each(world.members, name, ({user}) => user);
		case 'selected_user':
			return each(world.users, name, uuidOf);
		case 'uid':
			return each(world.webhooks, name, uuidOf);
		case 'variable_uuid':
			return each(world.variables, name, uuidOf);
		case 'runner_uuid':
			return each(world.runners, name, uuidOf);
		case 'repo_slug':
			return each(world.repositories, name, ({slug}) => slug);
		default:
			return world.projects.flatMap(project =>
				path.includes('{key_id}')
					? project.deployKeys.map(({id}) => ({project_key: project.key, key_id: String(id)}))
					: [{project_key: project.key}],
			);
	}
}

function snippetValues(path: string, {comments, files, head}: SnippetContents): Values[] {
	if (path.endsWith('{comment_id}')) {
		return each(comments, 'comment_id', idOf);
	}

	return path.endsWith('{path}') ? files.map(file => ({path: file.path, node_id: head})) : [{node_id: head}];
}

/** What fills the parameters that follow a repository's own. */
function repositoryValues(path: string, repository: Repository, contents: RepositoryContents): Values[] {
	const {pullRequests, pipelines, refs, commits, schedules, environments} = contents;
	const own = path.slice('/repositories/{workspace}/{repo_slug}'.length);
	const trunk = refs.find(({name}) => name === repository.mainBranch)?.hash;
	const changed = [...commits.values()].filter(({parents}) => parents.length > 0).slice(0, 3);
	const branches = refs.filter(({kind}) => kind === 'branch');

	const table: Readonly<Record<string, () => Values[]>> = {
		'/refs/branches/{name}': () => each(branches, 'name', ({name}) => name),
		'/refs/tags/{name}': () =>
			each(
				refs.filter(({kind}) => kind === 'tag'),
				'name',
				({name}) => name,
			),
		'/commits/{name}': () => each(branches.slice(0, 2), 'name', ({name}) => name),
		'/src/{commit}/{path}': () => (trunk === undefined ? [] : [{commit: trunk, path: ''}]),
		'/downloads/{filename}': () => each(contents.downloads, 'filename', ({name}) => name),
		'/branch-restrictions/{id}': () => each(contents.branchRestrictions, 'id', idOf),
		'/default-reviewers/{target_username}': () =>
			each(contents.defaultReviewers, 'target_username', uuid => uuid),
		'/deploy-keys/{key_id}': () => each(contents.deployKeys, 'key_id', idOf),
		'/hooks/{uid}': () => each(contents.webhooks, 'uid', uuidOf),
		'/deployments/{deployment_uuid}': () => each(contents.deployments, 'deployment_uuid', uuidOf),
		'/pipelines_config/variables/{variable_uuid}': () => each(contents.variables, 'variable_uuid', uuidOf),
		'/pipelines_config/ssh/key_pair': () => (contents.sshKeyPair ? [{}] : []),
		'/pipelines_config/ssh/known_hosts/{known_host_uuid}': () =>
			each(contents.knownHosts, 'known_host_uuid', uuidOf),
		'/pipelines-config/runners/{runner_uuid}': () => each(contents.runners, 'runner_uuid', uuidOf),
		'/src': () => (trunk === undefined ? [] : [{}]),
		'/commit/{commit}/statuses/build/{key}': () =>
			contents.commitStatuses.slice(0, 3).map(({commit, key}) => ({commit, key})),
		'/commit/{commit}/comments/{comment_id}': () =>
			contents.commitComments.map(({commit, id}) => ({commit, comment_id: String(id)})),
		'/pullrequests/{pull_request_id}/comments/{comment_id}': () =>
			pullRequests.flatMap(({id, comments}) =>
				comments.map(comment => ({pull_request_id: String(id), comment_id: String(comment.id)})),
			),
		'/pullrequests/{pull_request_id}/tasks/{task_id}': () =>
			pullRequests.flatMap(({id, tasks}) =>
				tasks.map(task => ({pull_request_id: String(id), task_id: String(task.id)})),
			),
	};
	const special = table[own];
	if (special) {
		return special();
	}

	if (own.includes('{spec}')) {
		return each(changed, 'spec', ({hash}) => hash);
	}

	if (own.includes('{commit}')) {
		const remarked = [...contents.commitStatuses, ...contents.commitComments].map(({commit}) => commit);
		const merged = pullRequests.flatMap(({mergeCommit}) => mergeCommit ?? []);
		return each([...new Set([...remarked, ...merged])].slice(0, 5), 'commit', hash => hash);
	}

	if (own.includes('{step_uuid}')) {
		return pipelines.flatMap(({uuid, steps}) =>
			steps
				.filter(({log}) => log !== undefined)
				.slice(0, 1)
				.map(step => ({pipeline_uuid: uuid, step_uuid: step.uuid})),
		);
	}

	for (const [name, items] of [
		['pull_request_id', pullRequests.map(({id}) => String(id))],
		['pipeline_uuid', pipelines.map(uuidOf)],
		['schedule_uuid', schedules.map(uuidOf)],
		['environment_uuid', environments.map(uuidOf)],
	] as const) {
		if (own.includes(`{${name}}`)) {
			return items.map(value => ({[name]: value}));
		}
	}

	return [{}];
}
