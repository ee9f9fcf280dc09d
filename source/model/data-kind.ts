import * as z from 'zod';

/** What a plan can save of a repository and its workspace. */
export const DataKindSchema = z.enum([
	'git',
	'lfs',
	'pull-requests',
	'settings',
	'downloads',
	'workspace',
	'snippets',
	'pipelines',
	'statuses',
]);

export type DataKind = z.infer<typeof DataKindSchema>;

export const dataKinds = DataKindSchema.options;

/** What a plan saves when it says nothing else. */
export const defaultDataKinds: readonly DataKind[] = [
	'git',
	'lfs',
	'pull-requests',
	'settings',
	'downloads',
	'workspace',
	'snippets',
];
