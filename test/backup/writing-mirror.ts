import {openMirror} from '../../source/backup/mirror.ts';
import {systemClock} from '../../source/system/clock.ts';

/** A process that opens the mirror named on its command line and has a git write to it, which says when it does. */
const mirror = await openMirror(process.argv[2] ?? '', systemClock, new AbortController().signal);
await mirror.write(['fast-import'], {onProgressLine: line => process.stdout.write(`${line}\n`)});
