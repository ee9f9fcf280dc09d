/** Longest part of a folder's name that comes from a slug; file systems take 255 bytes. */
const maximumSlugLength = 100;

/** A slug made harmless as a part of a path: no separators, no dots or dashes in front, nothing that a shell would read. */
export function safeSlug(slug: string): string {
	const safe = slug.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^[.-]+/, '_');
	return safe.slice(0, maximumSlugLength) || '_';
}

/**
The first eight hexadecimal digits of a repository's uuid, which find its folder again after a rename.

@returns undefined where the text is no uuid.
*/
export function uuidPrefix(uuid: string): string | undefined {
	return /^\{?([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i
		.exec(uuid)?.[1]
		?.toLowerCase();
}

/** `web-frontend-3f2a9c01.git` */
export function mirrorFolderName(slug: string, prefix: string): string {
	return `${safeSlug(slug)}-${prefix}.git`;
}

/**
The name of a mirror whose usual one belongs to another repository of the same slug, past or present, whose uuid begins with
the same eight digits: `web-frontend-3f2a9c01-1111-4222-8333-444455556666.git`.
*/
export function longMirrorFolderName(slug: string, uuid: string): string {
	return mirrorFolderName(slug, uuid.replace(/[{}]/g, '').toLowerCase());
}

const uuidInName = /-([0-9a-f]{8})(?:-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?\.git$/;

/** The first eight digits of the uuid in the name of a mirror's folder; undefined where it is no repository's. */
export function uuidPrefixIn(folderName: string): string | undefined {
	return uuidInName.exec(folderName)?.[1];
}

/** The slug in the name of a repository's mirror, as far as it is in there. */
export function slugIn(folderName: string): string {
	return folderName.replace(uuidInName, '');
}

/** `snippet-kMB7x.git` */
export function snippetFolderName(id: string): string {
	return `snippet-${safeSlug(id).replace(/[-.]/g, '_')}.git`;
}

/** The folder of the workspace's own metadata; no repository's folder can have this name, for want of a uuid. */
export const workspaceFolderName = 'workspace.git';
