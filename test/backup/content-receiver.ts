import {finished} from 'node:stream/promises';
import {createContentStore} from '../../source/backup/content-store.ts';

/*
Takes in what comes on standard input, in a process of its own: for tests that kill it, or watch what it asks of the system.
Says on standard output that a piece is written, and that all is taken in.
*/
const [, , folder = '', hash = '', size = '0'] = process.argv;
const store = createContentStore(folder, ['lfs', 'objects'], ['lfs', 'tmp']);
await store.add(
	async ({open}) => {
		const stream = open(0, undefined);
		for await (const piece of process.stdin) {
			await new Promise<void>((resolve, reject) => {
				stream.write(piece, error => (error ? reject(error) : resolve()));
			});
			process.stdout.write('written\n');
		}

		await finished(stream.end());
	},
	{hash, size: Number(size), part: hash},
);
process.stdout.write('taken in\n');
