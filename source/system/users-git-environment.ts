/**
What of our environment would lead a git astray that works for the user: another repository than the one it is given, traces
that print what it signs in with, and how our own secrets are found.
*/
const withheld =
	/^(GIT_(DIR|COMMON_DIR|WORK_TREE|INDEX_FILE|PREFIX|NAMESPACE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|QUARANTINE_PATH|GRAFT_FILE|SHALLOW_FILE|REPLACE_REF_BASE|TRACE.*|TRANSFER_TRACE|CURL_VERBOSE)|BUCKET_BRIGADE_.*|CREDENTIALS_DIRECTORY)$/;

/**
The environment of a git that talks to a server which is the user's own business: their configuration, credential helpers and
ssh keys hold. It still asks nothing at a terminal, and speaks https and ssh alone.

@param allowHttp Whether plain http is allowed, for a server on loopback.
*/
export function usersGitEnvironment(
	environment: NodeJS.ProcessEnv,
	allowHttp: boolean,
	extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
	const taken = Object.entries(environment).flatMap(([name, value]) =>
		value === undefined || withheld.test(name) ? [] : [[name, value] as const],
	);
	return {
		...Object.fromEntries(taken),
		// What git prints is read here.
		LC_ALL: 'C.UTF-8',
		GIT_TERMINAL_PROMPT: '0',
		GIT_ALLOW_PROTOCOL: allowHttp ? 'https:ssh:http' : 'https:ssh',
		...extra,
	};
}

/** Settings that hold over the user's: nothing is run and nothing is pushed but what was asked for. */
export const usersSettings: readonly string[] = [
	'core.hooksPath=/dev/null',
	'core.fsmonitor=false',
	'gc.auto=0',
	'maintenance.auto=false',
	'push.followTags=false',
	'push.gpgSign=false',
	'push.recurseSubmodules=no',
	'push.negotiate=false',
];
