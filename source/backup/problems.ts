import {sanitize} from '../system/sanitize.ts';

/** What is to be said about a repository's backup, gathered while it is made. */
export type Problems = {
	/**
	Something is missing: the backup is partial.

	@param path What it is about, as a path of the snapshot: `settings/hooks.json`, `pull-requests/17`.
	@param text A sentence for people, the same one for every repository that has the same problem.
	*/
	readonly add: (path: string, text: string) => void;
	/** Something a person should know, while nothing is missing. */
	readonly note: (text: string) => void;
	/** Whether something is missing of a file or folder of the snapshot. */
	readonly has: (path: string) => boolean;
	/** All sentences, what is missing first. */
	readonly texts: () => readonly string[];
	/** The parts that are missing or not as fresh as the rest, each with its first sentence; sorted by path. */
	readonly incomplete: () => readonly Incomplete[];
};

/** A part of a snapshot that could not be read, and why. */
export type Incomplete = {readonly path: string; readonly problem: string};

/** More than so many sentences help nobody. */
const maximumTexts = 50;

export function createProblems(): Problems {
	const byPath = new Map<string, string>();
	/** Every path of which something is missing, with the folders that it lies in. */
	const lacking = new Set<string>();
	const missing = new Set<string>();
	const notes = new Set<string>();
	return {
		add: (path, text) => {
			const problem = sanitize(text);
			missing.add(problem);
			if (!byPath.has(path)) {
				byPath.set(path, problem);
				addWithFolders(path, lacking);
			}
		},
		note: text => {
			notes.add(sanitize(text));
		},
		has: path => lacking.has(path),
		texts: () => {
			const all = [...missing, ...notes];
			const more = all.length - maximumTexts;
			return more > 0 ? [...all.slice(0, maximumTexts), `… and ${more} more problems`] : all;
		},
		incomplete: () =>
			[...byPath]
				.map(([path, problem]) => ({path, problem}))
				.sort((left, right) => (left.path < right.path ? -1 : 1)),
	};
}

function addWithFolders(path: string, paths: Set<string>): void {
	for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
		paths.add(path.slice(0, end));
	}
}
