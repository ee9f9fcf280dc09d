import {createHash} from 'node:crypto';

/** The input of `git fast-import` for three commits of two small files. */
export function tinyHistory(seed: number): Buffer {
	return history(seed, {commits: 3, files: 2, bytes: 400, branches: 2, tags: 1});
}

/** A history of 1,000 commits, that is some megabytes when it is packed. */
export function lifelikeHistory(seed: number): Buffer {
	return history(seed, {commits: 1000, files: 120, bytes: 9000, branches: 25, tags: 40});
}

type Shape = {
	readonly commits: number;
	readonly files: number;
	/** Of a file, about. */
	readonly bytes: number;
	readonly branches: number;
	readonly tags: number;
};

/** Text that packs about as well as source code does; the same for the same name. */
function text(name: string, bytes: number): string {
	const lines: string[] = [];
	let length = 0;
	for (let line = 0; length < bytes; line += 1) {
		const words = createHash('sha256').update(`${name} ${line}`).digest('hex');
		const next = `${'\t'.repeat(line % 4)}const value${line % 17} = ${words.slice(0, 24)}(options, ${line});`;
		lines.push(next);
		length += next.length + 1;
	}

	return `${lines.join('\n')}\n`;
}

function history(seed: number, {commits, files, bytes, branches, tags}: Shape): Buffer {
	const parts: string[] = [];
	const contents = Array.from({length: files}, (_, file) => text(`${seed} ${file}`, bytes).split('\n'));
	const file = (index: number): string => {
		const body = contents[index]?.join('\n') ?? '';
		return `M 100644 inline source/part-${index % 9}/file-${index}.ts\ndata ${Buffer.byteLength(body)}\n${body}\n`;
	};

	for (let commit = 0; commit < commits; commit += 1) {
		const message = `Change ${commit} of ${seed}`;
		parts.push(
			`commit refs/heads/main\nmark :${commit + 1}\ncommitter Ada <ada@example.com> ${1_700_000_000 + commit * 600} +0000\ndata ${message.length}\n${message}\n`,
		);
		if (commit === 0) {
			parts.push(...contents.map((_, index) => file(index)));
		} else {
			for (let change = 0; change < 3; change += 1) {
				const index = (commit * 7 + change * 31) % files;
				const lines = contents[index] ?? [];
				lines[(commit * 13) % Math.max(1, lines.length)] = text(`${seed} ${commit} ${change}`, 200).trimEnd();
				parts.push(file(index));
			}
		}
	}

	for (let branch = 0; branch < branches; branch += 1) {
		parts.push(
			`reset refs/heads/feature/${branch}\nfrom :${commits - Math.floor((branch * commits) / (branches * 2))}\n\n`,
		);
	}

	for (let tag = 0; tag < tags; tag += 1) {
		const message = `Release ${tag}`;
		parts.push(
			`tag v1.${tag}\nfrom :${Math.max(1, Math.floor(((tag + 1) * commits) / tags))}\ntagger Ada <ada@example.com> ${1_700_000_000 + tag} +0000\ndata ${message.length}\n${message}\n`,
		);
	}

	return Buffer.from(parts.join(''));
}
