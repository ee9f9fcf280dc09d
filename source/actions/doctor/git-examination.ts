import type {Examination} from './examination.ts';

/** Older ones do not know `core.fsync`: what they fetched may be lost when the power fails. */
const least = [2, 36] as const;

/**
The release of each series in which holes were closed that a hostile server or repository can use, as git's own release notes
tell: CVE-2025-48384, -48385 and -48386 (2025-07-08).
*/
const mended: Readonly<Record<string, number>> = {
	'2.43': 7,
	'2.44': 4,
	'2.45': 4,
	'2.46': 4,
	'2.47': 3,
	'2.48': 2,
	'2.49': 1,
	'2.50': 1,
};

/** @param version As git says it (`2.39.5`, `2.39.5 (Apple Git-154)`); undefined where there is none. */
export function examineGit(version: string | undefined): Examination {
	const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version ?? '') ?? [];
	if (version === undefined || major === undefined || minor === undefined) {
		return {about: 'git', state: 'bad', text: 'git is missing: install it and see that it is on the PATH'};
	}

	const [first, second] = [Number(major), Number(minor)];
	if (first < least[0] || (first === least[0] && second < least[1])) {
		return {
			about: 'git',
			state: 'bad',
			text: `git ${version} is too old: what it fetches may be lost when the power fails; use ${least.join('.')} or newer`,
		};
	}

	const needed = mended[`${first}.${second}`] ?? (first > 2 || second > 50 ? 0 : Number.POSITIVE_INFINITY);
	return Number(patch ?? 0) >= needed
		? {about: 'git', state: 'good', text: `git ${version}`}
		: {
				about: 'git',
				state: 'attention',
				text: `git ${version} has known holes (CVE-2025-48384, CVE-2025-48385) unless your distribution has closed them; backups use nothing of what they are in (submodules, bundle URIs), your own work may: update it`,
			};
}

/** @param version As git-lfs says it; undefined where there is none. */
export function examineGitLfs(version: string | undefined): Examination {
	return {
		about: 'git-lfs',
		state: 'good',
		text:
			version === undefined
				? 'git-lfs is not installed, and not needed: LFS objects are fetched and restored without it'
				: `${version} (not needed: LFS objects are fetched and restored without it)`,
	};
}
