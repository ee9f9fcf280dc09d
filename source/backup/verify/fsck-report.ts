/** What `git fsck` found wrong, as far as its words are understood. */
export type FsckReport = {
	/** Packs that it complains of, by name: `pack-<hash>`. */
	readonly packs: ReadonlySet<string>;
	/** Objects in packs that cannot be read, or are not what their names say. */
	readonly corrupt: ReadonlySet<string>;
	/** Objects in packs whose stored bytes are not what the index says; they may be readable all the same. */
	readonly changed: ReadonlySet<string>;
	/** Files of single objects, relative to the mirror. */
	readonly looseObjects: ReadonlySet<string>;
	/** Types of the objects that something refers to and that are not there, by their ids. */
	readonly missing: ReadonlyMap<string, string>;
	/** Ids by the refs that hold them and lead to nothing. */
	readonly brokenRefs: ReadonlyMap<string, string>;
	/** Commits that nothing refers to; only where they were asked for. */
	readonly dangling: readonly string[];
	/** How many complaints of objects whose form git would not write today. They are no damage. */
	readonly malformed: number;
	/** Lines that are none of this, the first few. */
	readonly others: readonly string[];
};

/** Takes in what git prints, a line at a time, so that the complaints of a mirror in pieces need not be held. */
export type FsckReader = {
	readonly error: (line: string) => void;
	readonly output: (line: string) => void;
	readonly report: () => FsckReport;
};

const maximumOthers = 20;

/** Old objects whose form git would not write today: `error in commit <id>: <check>: …`. Their bytes are what they were made of. */
const malformedObject = /^(error|warning) in (commit|tree|blob|tag) [0-9a-f]+: [a-zA-Z]+: /;

/** What says nothing of damage, or of a broken stream that is named again with what it is part of. */
const harmless = [
	/^(notice|warning|hint|info): /,
	/^(Checking|Verifying) /,
	/^error: (inflate|zlib)/,
	/^\s*$/,
];

export function createFsckReader(): FsckReader {
	const packs = new Set<string>();
	const corrupt = new Set<string>();
	const changed = new Set<string>();
	const looseObjects = new Set<string>();
	const missing = new Map<string, string>();
	const brokenRefs = new Map<string, string>();
	const dangling: string[] = [];
	const others = new Set<string>();
	let malformed = 0;

	const aboutRef = (line: string): boolean => {
		const [, name, id] = /^error: (refs\/.*): invalid sha1 pointer ([0-9a-f]+)$/.exec(line) ?? [];
		if (name === undefined || id === undefined) {
			return false;
		}

		brokenRefs.set(name, id);
		return true;
	};

	const aboutFile = (line: string): boolean => {
		const [, pack] = /.*objects\/pack\/(pack-[0-9a-f]+)\.(?:pack|idx)/.exec(line) ?? [];
		const [, folder, rest] = /.*objects\/([0-9a-f]{2})\/([0-9a-f]{38})/.exec(line) ?? [];
		const [, loose] =
			/(?:loose object|error: unable to (?:unpack|parse)) '?([0-9a-f]{40})\b/.exec(line) ?? [];
		if (pack !== undefined) {
			packs.add(pack);
		}

		if (folder !== undefined && rest !== undefined) {
			looseObjects.add(`objects/${folder}/${rest}`);
		} else if (loose !== undefined) {
			looseObjects.add(`objects/${loose.slice(0, 2)}/${loose.slice(2)}`);
		}

		const [, id] =
			/^(?:error: cannot unpack|error: packed|fatal: packed object) ([0-9a-f]{40}) /.exec(line) ?? [];
		const [, touched] = /^error: index CRC mismatch for object ([0-9a-f]{40}) /.exec(line) ?? [];
		if (id !== undefined) {
			corrupt.add(id);
		}

		if (touched !== undefined) {
			changed.add(touched);
		}

		return pack !== undefined || folder !== undefined || loose !== undefined;
	};

	return {
		error: line => {
			if (malformedObject.test(line)) {
				malformed += 1;
				return;
			}

			if (harmless.some(sign => sign.test(line)) || aboutRef(line) || aboutFile(line)) {
				return;
			}

			if (others.size < maximumOthers) {
				others.add(line);
			}
		},
		output: line => {
			const [, type, id] = /^missing (commit|tree|blob|tag|unknown) ([0-9a-f]+)/.exec(line) ?? [];
			const [, loose] = /^dangling commit ([0-9a-f]+)/.exec(line) ?? [];
			if (type !== undefined && id !== undefined) {
				missing.set(id, type);
			} else if (loose !== undefined) {
				dangling.push(loose);
			}
		},
		report: () => ({
			packs,
			corrupt,
			changed,
			looseObjects,
			missing,
			brokenRefs,
			dangling,
			malformed,
			others: [...others],
		}),
	};
}

/** Whether git found nothing that matters; its exit code says 1 or 4 for old malformed objects alone. */
export function isSound(report: FsckReport): boolean {
	const {packs, looseObjects, missing, brokenRefs, others} = report;
	return (
		packs.size === 0 &&
		looseObjects.size === 0 &&
		missing.size === 0 &&
		brokenRefs.size === 0 &&
		others.length === 0
	);
}
