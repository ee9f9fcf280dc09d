import {tryProcessLock} from '../../source/system/process-lock.ts';

/** A process that takes the lock named on its command line, says so, and keeps it. */
const lock = tryProcessLock(process.argv[2] ?? '');
process.stdout.write(lock === undefined ? 'refused\n' : 'locked\n');
setInterval(() => undefined, 1000);
