import {subscribe, unsubscribe} from 'node:diagnostics_channel';
import {readdirSync, readFileSync} from 'node:fs';
import type {IncomingMessage} from 'node:http';
import {join} from 'node:path';

/** Looks for secrets where none may be, in every form in which they travel. */
export type SecretCanary = {
	/** Forms of secrets that a text holds, each by what it is a form of; never the secret itself. */
	readonly findIn: (text: string) => readonly string[];
	/** The same, of all files below a folder, by their paths. @param isExpected Files that hold secrets for a reason. */
	readonly findBelow: (folder: string, isExpected: (path: string) => boolean) => readonly string[];
	/** What was found in arguments and environments of processes, looked at each time that the program asked this process for something. */
	readonly seenInProcesses: () => readonly string[];
	/** How many processes of git were looked at. */
	readonly gits: () => number;
	readonly close: () => void;
};

/**
@param secrets Those that are known beforehand. What the program signs in with, and tokens that it is given on the way, are learned from
its requests to servers in this process.
*/
export function createSecretCanary(
	secrets: ReadonlyArray<{readonly secret: string; readonly username?: string | undefined}>,
): SecretCanary {
	const forms = new Map<string, string>();
	const seen = new Set<string>();
	let gits = 0;
	const learn = (what: string, secret: string, usernames: readonly string[]): void => {
		const base64 = [secret, ...usernames.map(name => `${name}:${secret}`)].map(text =>
			Buffer.from(text).toString('base64').replace(/=+$/, ''),
		);
		for (const [form, of] of [
			[secret, 'in clear'],
			[encodeURIComponent(secret), 'URL-encoded'],
			...base64.map(text => [text, 'in base64'] as const),
		] as const) {
			forms.set(form, `${what} ${of}`);
		}
	};

	const usernames = ['x-token-auth', 'x-bitbucket-api-token-auth'];
	for (const {secret, username} of secrets) {
		learn('a secret', secret, [...usernames, ...(username === undefined ? [] : [username])]);
	}

	const findIn = (text: string): readonly string[] =>
		[...forms].flatMap(([form, what]) => (text.includes(form) ? [what] : []));

	const look = (message: unknown): void => {
		const {authorization = ''} = (message as {request: IncomingMessage}).request.headers;
		const [kind, credentials = ''] = authorization.split(' ');
		if (kind === 'Bearer') {
			learn('a token', credentials, usernames);
		} else if (kind === 'Basic') {
			const [username = '', ...rest] = Buffer.from(credentials, 'base64').toString().split(':');
			learn('what was signed in with', rest.join(':'), [username]);
		}

		for (const {path, text} of readProcesses()) {
			gits += Number(/\bgit\0/.test(text));
			for (const what of findIn(text)) {
				seen.add(`${path.replace(/\d+/, '…')}: ${what}`);
			}
		}
	};

	subscribe('http.server.request.start', look);
	return {
		findIn,
		findBelow: (folder, isExpected) =>
			readdirSync(folder, {recursive: true, withFileTypes: true}).flatMap(entry => {
				const path = join(entry.parentPath, entry.name);
				return entry.isFile() && !isExpected(path)
					? findIn(readFileSync(path, 'latin1')).map(what => `${path}: ${what}`)
					: [];
			}),
		seenInProcesses: () => [...seen],
		gits: () => gits,
		close: () => unsubscribe('http.server.request.start', look),
	};
}

/** Arguments and environments of all processes that may be looked at; none where there is no /proc. */
function readProcesses(): ReadonlyArray<{readonly path: string; readonly text: string}> {
	const ids = process.platform === 'linux' ? readdirSync('/proc').filter(name => /^\d+$/.test(name)) : [];
	return ids
		.flatMap(id => [`/proc/${id}/cmdline`, `/proc/${id}/environ`])
		.flatMap(path => {
			try {
				return [{path, text: readFileSync(path, 'latin1')}];
			} catch {
				return [];
			}
		});
}
