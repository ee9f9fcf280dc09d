import {createHash} from 'node:crypto';
import type {Random} from '../random.ts';
import type {FileContent} from './history-plan.ts';

/** A pointer file, as the Git LFS specification (version 1) defines it. */
export function pointerFile(oid: string, size: number): string {
	return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`;
}

/** The identifiers of all pointer files among these texts. */
export function pointedOid(content: FileContent): string | undefined {
	return typeof content === 'string'
		? /^version https:\/\/git-lfs\S+\noid sha256:([0-9a-f]{64})\n/.exec(content)?.[1]
		: undefined;
}

/**
 * Pointer files of one generation of a repository's data, and what they point to added to `objects`. A later generation
 * replaces one file, whose first content then is needed by history alone.
 */
export function dataFiles(
	random: Random,
	objects: Map<string, Uint8Array>,
	first: boolean,
): Map<string, FileContent> {
	const paths = first
		? [
				'samples/orders.parquet',
				'samples/customers.parquet',
				'samples/größe 大.parquet',
				'assets/logo.png',
				'assets/empty.png',
			]
		: ['samples/orders.parquet'];
	const files = new Map<string, FileContent>();
	for (const path of paths) {
		const content = random.bytes(path.endsWith('empty.png') ? 1 : random.integer(2_000, 120_000));
		const oid = createHash('sha256').update(content).digest('hex');
		objects.set(oid, content);
		files.set(path, pointerFile(oid, content.length));
	}

	if (first) {
		files.set(
			'.gitattributes',
			['parquet', 'png'].map(type => `*.${type} filter=lfs diff=lfs merge=lfs -text\n`).join(''),
		);
	}

	return files;
}
