import {createHash, type Hash} from 'node:crypto';
import {constants} from 'node:fs';
import {type FileHandle, lstat, open, rm} from 'node:fs/promises';
import {Writable} from 'node:stream';
import * as z from 'zod';
import type {BodyTarget} from '../bitbucket/body-target.ts';
import {writeDurably} from '../system/durable-file.ts';
import {readPlainFile} from '../system/plain-file.ts';

/** A file that comes in, perhaps in several parts over several runs; its hash is made on the way. */
export type IncomingFile = {
	readonly target: BodyTarget;
	/** Bytes that are here. */
	readonly bytes: () => number;
	/** Whether any of it came before this was opened. */
	readonly wasResumed: boolean;
	/** Whether it could not be written, so that what is here is not worth keeping. */
	readonly hasFailed: () => boolean;
	/** Brings it to the disk. To be called when nothing more comes. */
	readonly seal: () => Promise<{readonly hash: string; readonly bytes: number}>;
	/** Waits until no stream writes to it any more: one that broke off may still be at it. */
	readonly settle: () => Promise<void>;
	readonly remove: () => Promise<void>;
};

export type IncomingFileOptions = {
	/**
	Whether the whole is checked by its hash in the end. Where it is not, nothing is believed of a part but what was on the disk
	when its own hash was written down, of a version that the server can tell from others.
	*/
	readonly isChecked: boolean;
	/** More than so many bytes are refused, with the error that `tooMany` makes. */
	readonly maximumBytes: number;
	readonly tooMany: () => Error;
	/** Told of each piece that came how many bytes are here. */
	readonly onBytes?: ((bytes: number) => void) | undefined;
};

/** What stands beside a part whose whole has no hash that is known. */
const PartNoteSchema = z.object({
	validator: z.string(),
	/** So many bytes of it were on the disk. */
	bytes: z.number().int().positive(),
	/** SHA-256 of those. */
	sha256: z.string(),
});
type PartNote = z.infer<typeof PartNoteSchema>;

/** So many bytes come between two notes: what is fetched again after a kill. */
const bytesBetweenNotes = 64 * 1024 * 1024;
const pieceBytes = 1024 * 1024;
/** So many bytes may wait to be written: what is lost where the connection breaks. */
const waitingBytes = 256 * 1024;

/** Where the note of a part lies. */
export const notePathOf = (path: string): string => `${path}.json`;

/**
Opens a file to come in at a path, with what is there of it already. Whatever else stands there is taken away, never followed
or appended to.

@throws the file system's error.
*/
export async function openIncomingFile(path: string, options: IncomingFileOptions): Promise<IncomingFile> {
	const {isChecked, maximumBytes, tooMany, onBytes} = options;
	const found = await readPart(path, options);
	let {hash, bytes} = found;
	let validator = found.validator;
	let noted = bytes;
	let hasFailed = false;
	/** The stream that writes, until it has let go of the file. */
	let writing: Promise<void> = Promise.resolve();

	const takeNote = async (): Promise<void> => {
		if (!isChecked && validator !== undefined && bytes > 0) {
			const note: PartNote = {validator, bytes, sha256: hash.copy().digest('hex')};
			await writeDurably(notePathOf(path), JSON.stringify(note));
			noted = bytes;
		}
	};

	const begin = async (from: number): Promise<FileHandle> => {
		if (from === 0) {
			await removePart(path);
			hash = createHash('sha256');
			bytes = 0;
			noted = 0;
		} else if (from !== bytes) {
			throw new Error(`A part of ${bytes} bytes cannot be gone on with at ${from}.`);
		}

		// A part that has vanished must not be filled up with nothing.
		const making = from === 0 ? constants.O_CREAT | constants.O_EXCL : 0;
		const file = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW | making, 0o600);
		await file.truncate(bytes);
		return file;
	};

	const openTarget = (from: number, newValidator: string | undefined): Writable => {
		let file: FileHandle | undefined;
		const before = writing;
		const closed = Promise.withResolvers<void>();
		writing = closed.promise;
		const take = async (pieces: readonly Buffer[]): Promise<void> => {
			const size = pieces.reduce((sum, {length}) => sum + length, 0);
			if (bytes + size > maximumBytes) {
				hasFailed = true;
				throw tooMany();
			}

			await writeAll(file as FileHandle, pieces, bytes).catch((error: unknown) => {
				hasFailed = true;
				throw error;
			});
			if (stream.destroyed) {
				// Somebody was told already how much is here.
				return;
			}

			for (const piece of pieces) {
				hash.update(piece);
			}

			bytes += size;
			onBytes?.(bytes);
			if (bytes - noted >= bytesBetweenNotes && !isChecked) {
				await file?.sync();
				await takeNote();
			}
		};

		const stream = new Writable({
			highWaterMark: waitingBytes,
			construct: done => {
				finish(
					(async () => {
						await before;
						file = await begin(from);
						validator = newValidator ?? (from > 0 ? validator : undefined);
					})(),
					done,
				);
			},
			write: (piece: Buffer, _, done) => {
				finish(take([piece]), done);
			},
			writev: (pieces, done) => {
				finish(take(pieces.map(({chunk}) => chunk as Buffer)), done);
			},
			destroy: (error, done) => {
				finish(
					(async () => {
						try {
							// What broke off is gone on with later.
							if (error !== null && !hasFailed && !isChecked) {
								await file?.sync();
								await takeNote();
							}
						} finally {
							await file?.close();
							closed.resolve();
						}
					})(),
					failure => done(error ?? failure),
				);
			},
		});
		return stream;
	};

	return {
		target: {
			resume: () => {
				if (bytes === 0 || (!isChecked && validator === undefined)) {
					return undefined;
				}

				// Whose hash is known may also come from another host, which calls it otherwise.
				return {from: bytes, validator: isChecked ? undefined : validator};
			},
			open: openTarget,
			discard: () => {
				validator = undefined;
				hash = createHash('sha256');
				bytes = 0;
			},
		},
		bytes: () => bytes,
		wasResumed: bytes > 0,
		hasFailed: () => hasFailed,
		seal: async () => {
			await writing;
			try {
				await synchronise(path, bytes);
			} catch (error) {
				hasFailed = true;
				throw error;
			}

			return {hash: hash.copy().digest('hex'), bytes};
		},
		settle: async () => writing,
		remove: async () => {
			await writing;
			hash = createHash('sha256');
			bytes = 0;
			await removePart(path);
		},
	};
}

type FoundPart = {readonly hash: Hash; readonly bytes: number; readonly validator: string | undefined};

const nothing = (): FoundPart => ({hash: createHash('sha256'), bytes: 0, validator: undefined});

/** What is at a path and may be gone on with. Everything else is taken away. */
async function readPart(path: string, {isChecked, maximumBytes}: IncomingFileOptions): Promise<FoundPart> {
	const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') {
			return undefined;
		}

		throw error;
	});
	const isOwn = found?.isFile() === true && found.nlink === 1;
	const note = isOwn && !isChecked ? await readNote(path) : undefined;
	const bytes = isChecked ? (found?.size ?? 0) : (note?.bytes ?? 0);
	if (isOwn && bytes > 0 && bytes <= maximumBytes && bytes <= found.size) {
		const hash = await hashOfPart(path, bytes);
		if (isChecked || note?.sha256 === hash.copy().digest('hex')) {
			return {hash, bytes, validator: note?.validator};
		}
	}

	await removePart(path);
	return nothing();
}

async function readNote(path: string): Promise<PartNote | undefined> {
	const text = await readPlainFile(notePathOf(path), 4096);
	try {
		return PartNoteSchema.parse(JSON.parse(text?.toString('utf8') ?? ''));
	} catch {
		return undefined;
	}
}

async function hashOfPart(path: string, bytes: number): Promise<Hash> {
	const hash = createHash('sha256');
	const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
	try {
		const piece = Buffer.alloc(Math.min(pieceBytes, bytes));
		for (let done = 0; done < bytes; ) {
			const {bytesRead} = await file.read(piece, 0, Math.min(piece.length, bytes - done), done);
			if (bytesRead === 0) {
				throw new Error(`${path} became shorter while it was read.`);
			}

			hash.update(piece.subarray(0, bytesRead));
			done += bytesRead;
		}
	} finally {
		await file.close();
	}

	return hash;
}

/** @throws the file system's error, also where it took less than it said. */
async function synchronise(path: string, bytes: number): Promise<void> {
	const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
	try {
		await file.sync();
		const {size} = await file.stat();
		if (size !== bytes) {
			throw Object.assign(new Error(`ENOSPC: only ${size} of ${bytes} bytes of ${path} were written`), {
				code: 'ENOSPC',
				syscall: 'write',
			});
		}
	} finally {
		await file.close();
	}
}

async function removePart(path: string): Promise<void> {
	await rm(notePathOf(path), {force: true, recursive: true});
	await rm(path, {force: true, recursive: true});
}

async function writeAll(file: FileHandle, pieces: readonly Buffer[], position: number): Promise<void> {
	const size = pieces.reduce((sum, {length}) => sum + length, 0);
	const {bytesWritten} = await file.writev(pieces, position);
	// The system may take only a part at once; what it does not take at all it says by an error.
	for (let done = bytesWritten; done < size; ) {
		const {bytesWritten: more} = await file.write(Buffer.concat(pieces), done, size - done, position + done);
		done += more;
	}
}

function finish(work: Promise<void>, done: (error?: Error | null) => void): void {
	work.then(
		() => done(),
		(error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
	);
}
