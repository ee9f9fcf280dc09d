import * as z from 'zod';
import {currentVersion, firstIssue, type StoreFile, StoreFileSchema} from './store-schema.ts';

const VersionSchema = z.looseObject({version: z.number().int().positive()});

type Migration = (file: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** By the version that it starts from, how a file becomes one of the next version. */
const migrations: Readonly<Record<number, Migration>> = {};

export type ReadStore =
	| {readonly kind: 'valid'; readonly file: StoreFile}
	/** Written by a newer program: neither damaged nor ours to change. */
	| {readonly kind: 'newer'; readonly version: number}
	| {readonly kind: 'damaged'; readonly reason: string};

/** Reads what a store file says, whichever version wrote it. */
export function readStoreText(text: string): ReadStore {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return {kind: 'damaged', reason: 'it is not JSON'};
	}

	const versioned = VersionSchema.safeParse(value);
	if (!versioned.success) {
		return {kind: 'damaged', reason: firstIssue(versioned.error)};
	}

	let file: Record<string, unknown> & {version: number} = versioned.data;
	if (file.version > currentVersion) {
		return {kind: 'newer', version: file.version};
	}

	while (file.version < currentVersion) {
		const migrate = migrations[file.version];
		if (migrate === undefined) {
			return {kind: 'damaged', reason: `version ${file.version} was never written`};
		}

		file = {...migrate(file), version: file.version + 1};
	}

	const parsed = StoreFileSchema.safeParse(file);
	return parsed.success
		? {kind: 'valid', file: parsed.data}
		: {kind: 'damaged', reason: firstIssue(parsed.error)};
}
