/** What an `Authorization` header says. Passwords may hold colons, user names may not. */
export type Authorization =
	| {readonly scheme: 'basic'; readonly username: string; readonly password: string}
	| {readonly scheme: 'bearer'; readonly token: string}
	/** Anything that Bitbucket does not understand. */
	| {readonly scheme: 'unknown'};

/** Undefined when there is no header at all. */
export function parseAuthorization(header: string | undefined): Authorization | undefined {
	if (header === undefined) {
		return undefined;
	}

	const [, scheme = '', value = ''] = /^(\S+)\s+(.*)$/s.exec(header.trim()) ?? [];
	if (scheme.toLowerCase() === 'bearer') {
		return {scheme: 'bearer', token: value};
	}

	if (scheme.toLowerCase() === 'basic') {
		const text = Buffer.from(value, 'base64').toString('utf8');
		const colon = text.indexOf(':');
		return colon < 0
			? {scheme: 'unknown'}
			: {scheme: 'basic', username: text.slice(0, colon), password: text.slice(colon + 1)};
	}

	return {scheme: 'unknown'};
}
