/** What a pointer file stands for. */
export type LfsObject = {
	/** SHA-256 of its contents. */
	readonly oid: string;
	/** Bytes. */
	readonly size: number;
};

/** A pointer file is smaller than this, by its specification. */
export const maximumPointerBytes = 1024;
/** The shortest one: version, a hash, a size of one digit. */
export const minimumPointerBytes = 120;

const versions = new Set(['https://git-lfs.github.com/spec/v1', 'https://hawser.github.com/spec/v1']);

/**
The object that a pointer file stands for (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).

@returns undefined where the file is no pointer.
*/
export function parsePointer(file: Buffer): LfsObject | undefined {
	if (file.length >= maximumPointerBytes) {
		return undefined;
	}

	const [first, ...lines] = file.toString('utf8').trimEnd().split(/\r?\n/);
	const [key, version] = splitLine(first ?? '');
	if (key !== 'version' || !versions.has(version)) {
		return undefined;
	}

	const values = new Map(lines.map(splitLine));
	const [, oid] = /^sha256:([0-9a-f]{64})$/.exec(values.get('oid') ?? '') ?? [];
	const size = values.get('size') ?? '';
	return oid !== undefined && /^\d{1,15}$/.test(size) ? {oid, size: Number(size)} : undefined;
}

function splitLine(line: string): [string, string] {
	const end = line.indexOf(' ');
	return end < 0 ? [line, ''] : [line.slice(0, end), line.slice(end + 1)];
}
