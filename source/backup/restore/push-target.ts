import {GitFailed, type GitResult, type GitSignIn, runGit} from '../../system/git.ts';
import {gitRefusal} from '../git-refusal.ts';
import type {MirrorReader} from '../mirror.ts';
import {isOwnFailure} from '../own-failure.ts';

/** A repository that is pushed to, and how git gets in there. */
export type PushTarget = {
	/** Holds no password. */
	readonly url: string;
	/**
	Runs git in a mirror, against this repository.

	@param requests HTTP requests that it takes.
	@throws RequestFailed, or GitFailed where nothing came of it.
	*/
	readonly run: (
		mirror: MirrorReader,
		arguments_: readonly string[],
		requests: number,
		onProgressLine?: (line: string) => void,
	) => Promise<GitResult>;
	/** How the organization's own LFS server is signed in to; undefined where that is the business of the user's git-lfs. */
	readonly withSignIn:
		| (<Result>(work: (signIn: GitSignIn) => Promise<Result>) => Promise<Result>)
		| undefined;
	/** Whose git-lfs may upload; undefined where LFS is spoken in process. */
	readonly usersConfiguration: {readonly allowHttp: boolean} | undefined;
};

/** A connection on which nothing moves for so long is given up. */
const noProgressMilliseconds = 10 * 60_000;

/** Lends the primary credential's sign-in, charged with so many requests. */
export type LendSignIn = <Result>(
	requests: number,
	use: (signIn: GitSignIn) => Promise<Result>,
) => Promise<Result>;

/** A repository on the organization's own Git server: the primary credential signs in. */
export function organizationTarget(url: string, lend: LendSignIn): PushTarget {
	return {
		url,
		run: async (mirror, arguments_, requests, onProgressLine) =>
			lend(requests, async signIn => {
				const result = await runGit({
					gitDirectory: mirror.folder,
					arguments: arguments_,
					signIn,
					noProgressMilliseconds,
					...(onProgressLine === undefined ? {} : {onProgressLine}),
					signal: mirror.signal,
				});
				if (result.exitCode === 0 || isAnswered(result)) {
					return result;
				}

				const failure = new GitFailed(result, arguments_[0] ?? '');
				throw (isOwnFailure(failure) ? undefined : gitRefusal(failure)) ?? failure;
			}),
		withSignIn: async work => lend(1, work),
		usersConfiguration: undefined,
	};
}

/** A repository of another server: git finds its way in as it does for the user. */
export function usersTarget(url: string, allowHttp: boolean): PushTarget {
	const usersConfiguration = {allowHttp};
	return {
		url,
		run: async (mirror, arguments_, _requests, onProgressLine) => {
			const result = await runGit({
				gitDirectory: mirror.folder,
				arguments: arguments_,
				usersConfiguration,
				noProgressMilliseconds,
				...(onProgressLine === undefined ? {} : {onProgressLine}),
				signal: mirror.signal,
			});
			if (result.exitCode === 0 || isAnswered(result)) {
				return result;
			}

			throw new GitFailed({...result, stderr: withoutPasswords(result.stderr)}, arguments_[0] ?? '');
		},
		withSignIn: undefined,
		usersConfiguration,
	};
}

/** A push of which the server refused a part ends with an error too, after it has said what became of each ref. */
function isAnswered({stdout}: GitResult): boolean {
	return /^[ +\-*!=]\t/m.test(stdout.toString('latin1'));
}

/** The user's configuration may turn an address into one with a password, which git then repeats. */
function withoutPasswords(text: string): string {
	return text.replace(/:\/\/[^/@\s]*@/g, '://');
}
