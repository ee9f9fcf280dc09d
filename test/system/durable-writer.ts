import {writeDurably} from '../../source/system/durable-file.ts';

/** A process that writes a file of so many bytes, and says how it went. */
const [, , path = '', size = '0'] = process.argv;
try {
	await writeDurably(path, 'x'.repeat(Number(size)));
	process.stdout.write('written\n');
} catch (error) {
	process.stdout.write(`refused: ${(error as NodeJS.ErrnoException).code}\n`);
}
