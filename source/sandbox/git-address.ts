/** What somebody wants of a repository over HTTP. */
export type GitAddress = {
	readonly owner: {readonly workspace: string; readonly slug: string} | {readonly snippet: string};
	/** Below the repository's own address, with a slash in front: `/info/refs`. */
	readonly rest: string;
};

const services = [
	'/info/refs',
	'/git-upload-pack',
	'/git-receive-pack',
	'/info/lfs/objects/batch',
	'/info/lfs/verify',
	'/info/lfs/locks/verify',
];

/**
 * Understands `/<workspace>/<slug>[.git]/…` and `/snippets/<workspace>/<id>[/<title>][.git]/…`. Undefined for anything that
 * is no service of Git or LFS: in particular plain files, which would show what hidden refs hide.
 */
export function parseGitAddress(pathname: string): GitAddress | undefined {
	const rest = services.find(service => pathname.endsWith(service));
	if (rest === undefined) {
		return undefined;
	}

	const parts = pathname
		.slice(1, -rest.length)
		.replace(/\.git$/, '')
		.split('/');
	const [first, second, third] = parts;
	if (first === 'snippets' && second && third && parts.length <= 4) {
		return {owner: {snippet: third}, rest};
	}

	return first && second && parts.length === 2 ? {owner: {workspace: first, slug: second}, rest} : undefined;
}
