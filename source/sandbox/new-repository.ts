import type {Repository, Uuid} from './world.ts';

/** A private and empty repository, as Bitbucket makes one for who asks for nothing special. */
export function newRepository(draft: {
	readonly uuid: Uuid;
	readonly slug: string;
	/** The project's key. */
	readonly project: string;
	readonly owner: Uuid;
	/** ISO-8601. */
	readonly on: string;
}): Repository {
	const {uuid, slug, project, owner, on} = draft;
	return {
		uuid,
		slug,
		name: slug,
		project,
		isPrivate: true,
		size: 0,
		description: '',
		createdOn: on,
		updatedOn: on,
		language: '',
		forkPolicy: 'no_public_forks',
		owner,
		hasIssues: false,
		hasWiki: false,
		userPermissions: [],
		groupPermissions: [],
	};
}
