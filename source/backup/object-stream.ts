import type {BatchObject} from './git-objects.ts';

/** Splits what comes in pieces into its lines, without their ends; those of a piece at once. Byte strings: latin1. */
export async function* linesOf(
	pieces: AsyncIterable<Buffer>,
): AsyncGenerator<readonly string[], void, undefined> {
	let rest = '';
	for await (const piece of pieces) {
		const lines = (rest + piece.toString('latin1')).split('\n');
		rest = lines.pop() ?? '';
		yield lines;
	}

	if (rest !== '') {
		yield [rest];
	}
}

/**
Reads the output of `git cat-file --batch` while it comes; what is missing is left out. No more than one object, and a
piece, is held in memory.

@throws Error when the output is cut or is something else.
*/
export async function* objectsIn(
	pieces: AsyncIterable<Buffer>,
): AsyncGenerator<BatchObject, void, undefined> {
	let rest: Buffer = Buffer.alloc(0);
	/** Bytes without which nothing more can be said. */
	let wanted = 0;
	const waiting: Buffer[] = [];
	let waitingBytes = 0;
	for await (const piece of pieces) {
		waiting.push(piece);
		waitingBytes += piece.length;
		if (rest.length + waitingBytes < wanted) {
			continue;
		}

		rest = Buffer.concat([rest, ...waiting]);
		waiting.length = 0;
		waitingBytes = 0;
		wanted = 0;
		let position = 0;
		for (;;) {
			const end = rest.indexOf(0x0a, position);
			if (end < 0) {
				break;
			}

			const header = rest.toString('utf8', position, end);
			const [, name, type, sizeText] = /^([0-9a-f]{40,64}) ([a-z]+) (\d+)$/.exec(header) ?? [];
			if (name === undefined || type === undefined) {
				if (!/ (missing|ambiguous)$/.test(header)) {
					throw new Error('The output of git cat-file is not what was expected.');
				}

				position = end + 1;
				continue;
			}

			// A line break follows the contents.
			const after = end + 1 + Number(sizeText) + 1;
			if (rest.length < after) {
				wanted = after - position;
				break;
			}

			yield {name, type, contents: rest.subarray(end + 1, after - 1)};
			position = after;
		}

		rest = rest.subarray(position);
	}

	if (rest.length + waitingBytes > 0) {
		throw new Error('The output of git cat-file is cut.');
	}
}
