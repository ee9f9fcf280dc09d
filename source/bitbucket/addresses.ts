/** The absolute address of a path below the API, or the address itself where it is absolute already. */
export function absoluteUrl(apiUrl: string, url: string): string {
	return url.startsWith('/') ? `${apiUrl.replace(/\/$/, '')}${url}` : url;
}

/**
Whether a link that an answer gave lies where our credentials may go: same scheme, host and port as the API, below
its path, and nothing signed in to the address itself.
*/
export function isBelowApi(apiUrl: string, link: string): boolean {
	if (!URL.canParse(link)) {
		return false;
	}

	const api = new URL(apiUrl);
	const target = new URL(link);
	const prefix = `${api.pathname.replace(/\/$/, '')}/`;
	return (
		target.origin === api.origin &&
		target.pathname.startsWith(prefix) &&
		target.username === '' &&
		target.password === ''
	);
}

/** An address without its query and fragment, for messages: queries may be signed. */
export function withoutQuery(url: string): string {
	return url.replace(/[?#].*$/s, '');
}
