import {measureBytes} from './measure-bytes.ts';
import {measureFrames} from './measure-frames.ts';
import {measureMemory} from './measure-memory.ts';

/*
Measures the app from within, in a process of its own that is bundled as the program is. Which part, is the only argument; says what
it found as JSON. Needs --expose-gc.
*/
const parts = {frames: measureFrames, bytes: measureBytes, memory: measureMemory} as const;

export type AppPart = keyof typeof parts;
export type AppFigures<Part extends AppPart> = Awaited<ReturnType<(typeof parts)[Part]>>;

const [part = 'frames'] = process.argv.slice(2) as AppPart[];
process.stdout.write(JSON.stringify(await parts[part]()), () => process.exit());
