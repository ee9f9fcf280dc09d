import {tryProcessLock} from '../../source/system/process-lock.ts';

/** A process that takes the lock named on its command line, forgets about it, and has its memory cleared. */
const path = process.argv[2] ?? '';
tryProcessLock(path);
for (let round = 0; round < 5; round += 1) {
	globalThis.gc?.();
	await new Promise(resolve => {
		setImmediate(resolve);
	});
}

process.stdout.write(tryProcessLock(path) === undefined ? 'still held\n' : 'lost\n');
