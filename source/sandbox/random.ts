import {createHash} from 'node:crypto';

/** Numbers that look random and depend on nothing but the seed: the same seed makes the same world on every machine. */
export type Random = {
	/** From 0 up to, but not, 1. */
	readonly next: () => number;
	/** A whole number, both ends included. */
	readonly integer: (minimum: number, maximum: number) => number;
	readonly chance: (probability: number) => boolean;
	/** Throws for an empty list. */
	readonly pick: <T>(list: readonly T[]) => T;
	/** Up to `count` different elements, in random order. */
	readonly sample: <T>(list: readonly T[], count: number) => T[];
	readonly hexadecimal: (length: number) => string;
	/** Bitbucket style: version 4, in braces. */
	readonly uuid: () => string;
	readonly bytes: (length: number) => Buffer;
	/** A stream of its own, so that what is drawn here changes nothing there. */
	readonly derive: (label: string) => Random;
};

/** sfc32 (Chris Doty-Humphrey's small fast counting generator), its 128 bits of state taken from a hash of the seed. */
export function createRandom(seed: string): Random {
	const digest = createHash('sha256').update(seed).digest();
	let a = digest.readInt32LE(0);
	let b = digest.readInt32LE(4);
	let c = digest.readInt32LE(8);
	let counter = 1;

	const word = (): number => {
		const sum = (((a + b) | 0) + counter) | 0;
		counter = (counter + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = (c << 21) | (c >>> 11);
		c = (c + sum) | 0;
		return sum >>> 0;
	};

	// The first words of sfc32 still resemble the seed.
	for (let round = 0; round < 12; round++) {
		word();
	}

	const next = () => word() / 0x1_0000_0000;
	const integer = (minimum: number, maximum: number) =>
		minimum + Math.floor(next() * (maximum - minimum + 1));

	const pick = <T>(list: readonly T[]): T => {
		if (list.length === 0) {
			throw new RangeError('There is nothing to pick from an empty list.');
		}

		return list[integer(0, list.length - 1)] as T;
	};

	const sample = <T>(list: readonly T[], count: number): T[] => {
		const left = [...list];
		const chosen: T[] = [];
		while (chosen.length < count && left.length > 0) {
			chosen.push(...left.splice(integer(0, left.length - 1), 1));
		}

		return chosen;
	};

	const bytes = (length: number): Buffer => {
		const buffer = Buffer.alloc(Math.ceil(length / 4) * 4);
		for (let offset = 0; offset < buffer.length; offset += 4) {
			buffer.writeUInt32LE(word(), offset);
		}

		return buffer.subarray(0, length);
	};

	const hexadecimal = (length: number) =>
		bytes(Math.ceil(length / 2))
			.toString('hex')
			.slice(0, length);

	const uuid = () => {
		const digits = hexadecimal(32);
		const variant = '89ab'[integer(0, 3)];
		return `{${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}}`;
	};

	return {
		next,
		integer,
		chance: probability => next() < probability,
		pick,
		sample,
		hexadecimal,
		uuid,
		bytes,
		derive: label => createRandom(`${seed}/${label}`),
	};
}
