/** Names that git may see of our environment: how to find programs, proxies and certificates. Never a `GIT_*`, nor HOME with its `.netrc`. */
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
	'SSL_CERT_FILE',
	'SSL_CERT_DIR',
];

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
	const inherited = allowed.flatMap(name => {
		const value = environment[name];
		return value === undefined ? [] : [[name, value] as const];
	});
	return {
		...Object.fromEntries(inherited),
		LC_ALL: 'C.UTF-8',
		TZ: 'UTC',
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
		GIT_TERMINAL_PROMPT: '0',
		GIT_ALLOW_PROTOCOL: allowHttp ? 'https:http' : 'https',
		GIT_OPTIONAL_LOCKS: '0',
		...extra,
	};
}

/** Names in the helper's environment that are no secret: for whom it may answer. */
export const helperProtocol = 'BUCKET_BRIGADE_GIT_PROTOCOL';
export const helperHost = 'BUCKET_BRIGADE_GIT_HOST';

/** Where git's children find the sign-in: a pipe, so that it stands in no argument, file or environment. */
export const signInDescriptor = 3;

/**
A credential helper that answers `get` for the exact protocol and host and for nothing else, with the next two lines of
the pipe: user name and password. The shell's `read` takes no byte more than its line, so that each call finds its own.
*/
const helper = `!f() {
	test "$1" = get || return 0
	protocol= host=
	while IFS='=' read -r key value && test -n "$key"; do
		case $key in protocol) protocol=$value ;; host) host=$value ;; esac
	done
	test "$protocol" = "$${helperProtocol}" && test "$host" = "$${helperHost}" || return 0
	IFS= read -r username <&${signInDescriptor} && IFS= read -r password <&${signInDescriptor} || return 0
	printf 'username=%s\\npassword=%s\\n' "$username" "$password"
}; f`.replaceAll(/\n\t*/g, '\n');

/** Settings that hold for every git that is run, given as arguments so that no repository's configuration can change them. */
export const safeSettings: readonly string[] = [
	'credential.helper=',
	`credential.helper=${helper}`,
	'http.followRedirects=false',
	'core.hooksPath=/dev/null',
	'core.fsync=all',
	'gc.auto=0',
	'maintenance.auto=false',
	'fetch.recurseSubmodules=false',
	'transfer.bundleURI=false',
	'advice.detachedHead=false',
	'init.defaultBranch=main',
];
