import {isSafeOrigin} from '../../model/organization.ts';
import {UserError} from '../../system/user-error.ts';

/** Where a repository is pushed to. */
export type PushAddress = {
	/** As git takes it; holds no password. */
	readonly url: string;
	/** Scheme, host and port of an address over HTTP; undefined for ssh. */
	readonly origin: string | undefined;
};

/** How a person writes an address rather than a folder: with a scheme, or `user@host:path` as git takes it for ssh. */
const withScheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;
const overSsh = /^[A-Za-z0-9._-]+@[A-Za-z0-9.[\]:_-]+:(?!\/\/)./;

/**
Reads what a person wants to restore to.

@returns undefined where it is a folder.
@throws UserError (wrong usage) for an address that nothing is pushed to.
*/
export function parsePushAddress(text: string): PushAddress | undefined {
	const scheme = withScheme.exec(text)?.[1]?.toLowerCase();
	if (scheme === undefined) {
		return overSsh.test(text) ? {url: text, origin: undefined} : undefined;
	}

	if (!URL.canParse(text) || /[\p{Cc}\s]/u.test(text)) {
		throw wrong('This is no address that git can push to.');
	}

	const url = new URL(text);
	if (url.password !== '') {
		// It is not repeated here, nor handed to git, whose arguments everybody on the machine can read.
		throw wrong(
			'There is a password in the address, where others can read it: take it out, and let git find it with a credential helper.',
		);
	}

	switch (scheme) {
		case 'ssh':
			return {url: text, origin: undefined};
		case 'https':
		case 'http':
			if (!isSafeOrigin(url.origin)) {
				throw wrong(`Nothing is pushed over plain http, but to this machine: use https for ${url.host}.`);
			}

			return {url: text, origin: url.origin};
		case 'file':
			throw wrong('To restore to a folder, name it by its path, without file://.');
		default:
			throw wrong(`Nothing is pushed over ${scheme}: use https or ssh, or name a folder.`);
	}
}

/** The address without a user name: for the organization's own server, where the credential says who it is. */
export function withoutUser(text: string): string {
	const url = new URL(text);
	url.username = '';
	return url.href.replace(/\/$/, '');
}

function wrong(message: string): UserError {
	return new UserError(message, {exitCode: 2});
}
