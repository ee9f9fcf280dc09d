/** Options of strace with which `createWrittenFiles` understands what it prints. */
export const writingCalls = [
	...['-f', '-y', '-qq', '-s', '256', '-e', 'signal=none', '-e'],
	'trace=write,writev,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat',
] as const;

/** What of a program's files is not on disk yet, call by call of those that it and its children make. */
export type WrittenFiles = {
	/** @param line Of strace's output. */
	readonly take: (line: string) => void;
	/** Paths of files that were written to since they were brought to the disk, by the names that they have now. */
	readonly notOnDisk: () => readonly string[];
};

export function createWrittenFiles(): WrittenFiles {
	const written = new Set<string>();
	return {
		take: line => {
			const [, call = '', rest = ''] = /^\d+ +(\w+)\((.*)/.exec(line) ?? [];
			const [, descriptor] = /^\d+<(\/[^>]*)>/.exec(rest) ?? [];
			if (descriptor !== undefined) {
				if (call.endsWith('sync')) {
					written.delete(descriptor);
				} else if (/^(p?write|writev|ftruncate)/.test(call)) {
					written.add(descriptor);
				}
			}

			const [from, to] = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, path = '']) => path);
			if (from !== undefined && /^(rename|link)/.test(call) && to !== undefined && written.has(from)) {
				written.add(to);
			}

			if (from !== undefined && /^(rename|unlink)/.test(call)) {
				written.delete(from);
			}
		},
		notOnDisk: () => [...written],
	};
}
