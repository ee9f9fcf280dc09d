/** Names that git may see of our environment: how to find programs, proxies and certificates. Never a `GIT_*`. */
const allowed = [
	'PATH',
	'TMPDIR',
	'HTTPS_PROXY',
	'https_proxy',
	'HTTP_PROXY',
	'http_proxy',
	'ALL_PROXY',
	'all_proxy',
	'NO_PROXY',
	'no_proxy',
];

/** Certificates that a person trusts besides the usual ones: our names for them, and git's. */
const certificates = [
	['SSL_CERT_FILE', 'GIT_SSL_CAINFO'],
	['SSL_CERT_DIR', 'GIT_SSL_CAPATH'],
] as const;

/**
The environment in which git runs: no configuration but ours, no question to a terminal, and only the transports that
are needed.

@param allowHttp Whether plain http is allowed, for a server on loopback.
*/
export function gitEnvironment(
	environment: NodeJS.ProcessEnv,
	allowHttp: boolean,
	extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
	const taken: ReadonlyArray<readonly [string, string]> = [
		...allowed.map(name => [name, name] as const),
		...certificates,
	];
	return {
		...Object.fromEntries(
			taken.flatMap(([ours, gits]) => {
				const value = environment[ours];
				return value === undefined || value === '' ? [] : [[gits, value] as const];
			}),
		),
		// Not left out: without it, libcurl finds the user's home by itself and signs in with the `.netrc` there.
		HOME: '/dev/null',
		LC_ALL: 'C.UTF-8',
		TZ: 'UTC',
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
		GIT_TERMINAL_PROMPT: '0',
		// Goes before all settings named `protocol.…`, wherever they stand.
		GIT_ALLOW_PROTOCOL: allowHttp ? 'https:http' : 'https',
		GIT_OPTIONAL_LOCKS: '0',
		// A ref below `refs/replace` would have another object read in place of the one that was asked for.
		GIT_NO_REPLACE_OBJECTS: '1',
		...extra,
	};
}

/** Settings that hold for every git that is run, given as arguments so that no repository's configuration can change them. */
export const safeSettings: readonly string[] = [
	'credential.helper=',
	'core.askPass=',
	'http.followRedirects=false',
	'http.sslVerify=true',
	'core.hooksPath=/dev/null',
	'core.fsmonitor=false',
	'core.fsync=all',
	// What a commit's parents are says the commit: a file that says otherwise would hide history.
	'core.commitGraph=false',
	'gc.auto=0',
	'maintenance.auto=false',
	'fetch.recurseSubmodules=false',
	'transfer.bundleURI=false',
	'advice.detachedHead=false',
	'init.defaultBranch=main',
];
