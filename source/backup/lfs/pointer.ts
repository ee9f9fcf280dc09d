/** What a pointer file stands for. */
export type LfsObject = {
	/** SHA-256 of its contents. */
	readonly oid: string;
	/** Bytes. */
	readonly size: number;
};

/** A pointer file is smaller than this, by its specification. */
export const maximumPointerBytes = 1024;
/** The shortest one: the version of the time before the first release, a hash, a size of one digit. */
export const minimumPointerBytes = 114;

/** What git-lfs itself knows, its earlier names among them. */
const versions = new Set([
	'https://git-lfs.github.com/spec/v1',
	'https://hawser.github.com/spec/v1',
	'http://git-media.io/v/2',
]);

/** The lines of a pointer in their order; those of extensions may stand before each of them. */
const keys = ['version', 'oid', 'size'] as const;
const extension = /^ext-(\d)-\w.*? sha256:[0-9a-f]{64}$/;

/**
The object that a pointer file stands for (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).

As git-lfs reads it, which is more lenient than its specification: blanks around the whole and empty lines do not count, lines
may end as on Windows. Where git-lfs takes a file for what it is, there is no object that anyone could want.

@returns undefined where the file is no pointer.
*/
export function parsePointer(file: Buffer): LfsObject | undefined {
	if (file.length >= maximumPointerBytes) {
		return undefined;
	}

	const values: string[] = [];
	/** Of extensions by their keys. */
	const priorities = new Map<string, string>();
	for (const line of linesIn(file)) {
		const end = line.indexOf(' ');
		const expected = keys[values.length];
		if (end < 0 || expected === undefined) {
			return undefined;
		}

		const key = line.slice(0, end);
		const [, priority] = extension.exec(line) ?? [];
		if (key === expected) {
			values.push(line.slice(end + 1));
		} else if (priority !== undefined) {
			priorities.set(key, priority);
		} else {
			return undefined;
		}
	}

	// Which extension comes first must be plain.
	if (new Set(priorities.values()).size < priorities.size) {
		return undefined;
	}

	const [version = '', oidText = '', sizeText = ''] = values;
	const [, oid] = /^sha256:([0-9a-f]{64})$/.exec(oidText) ?? [];
	const [, digits] = /^\+?0*(\d{1,16})$/.exec(sizeText) ?? [];
	const size = Number(digits);
	// Beyond what can be counted exactly (9 petabytes) there is no object.
	return versions.has(version) && oid !== undefined && Number.isSafeInteger(size) ? {oid, size} : undefined;
}

function linesIn(file: Buffer): readonly string[] {
	return file
		.toString('latin1')
		.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '')
		.split('\n')
		.map(line => line.replace(/\r$/, ''))
		.filter(line => line !== '');
}
