import type {BranchingModel, Repository, RepositoryContents} from '../../world.ts';
import {refJson} from './commit.ts';
import {linkTo, type ShapeSource} from './source.ts';

type Home = {
	readonly repository: Repository;
	readonly contents: Pick<RepositoryContents, 'refs' | 'commits' | 'branchingModel'>;
};

/** The model as it works out in a repository: which branches its rules mean now, and the types that are on. */
export function branchingModelJson(
	source: ShapeSource,
	{repository, contents}: Home,
	type: string,
	self: string,
) {
	const {branchingModel: model} = contents;
	const {development, production} = model;
	return {
		type,
		development: currentBranch(source, {repository, contents}, development),
		...(production.enabled && {production: currentBranch(source, {repository, contents}, production)}),
		branch_types: enabledTypes(model),
		links: {self: linkTo(self)},
	};
}

/** A project's model: no branches, because each repository has its own. */
export function projectBranchingModelJson(model: BranchingModel, self: string) {
	const {development, production} = model;
	const named = ({name, useMainbranch}: {name: string | null; useMainbranch: boolean}) => ({
		name: name ?? '',
		use_mainbranch: useMainbranch,
	});
	return {
		type: 'project_branching_model',
		development: named(development),
		...(production.enabled && {production: named(production)}),
		branch_types: enabledTypes(model),
		links: {self: linkTo(self)},
	};
}

/** The model as it was set. */
export function branchingModelSettingsJson(
	{development, production, branchTypes}: BranchingModel,
	self: string,
) {
	return {
		type: 'branching_model_settings',
		development: {
			is_valid: true,
			name: development.name,
			use_mainbranch: development.useMainbranch,
		},
		production: {
			is_valid: true,
			name: production.name,
			use_mainbranch: production.useMainbranch,
			enabled: production.enabled,
		},
		branch_types: branchTypes.map(({kind, prefix, enabled}) => ({kind, prefix, enabled})),
		default_branch_deletion: 'false',
		links: {self: linkTo(self)},
	};
}

function currentBranch(
	source: ShapeSource,
	{repository, contents}: Home,
	{name, useMainbranch}: {readonly name: string | null; readonly useMainbranch: boolean},
) {
	const branchName = (useMainbranch ? repository.mainBranch : name) ?? '';
	const ref = contents.refs.find(candidate => candidate.kind === 'branch' && candidate.name === branchName);
	return {
		name: branchName,
		use_mainbranch: useMainbranch,
		...(ref && {branch: refJson(source, repository, contents, ref)}),
	};
}

function enabledTypes({branchTypes}: BranchingModel) {
	return branchTypes.filter(({enabled}) => enabled).map(({kind, prefix}) => ({kind, prefix}));
}
