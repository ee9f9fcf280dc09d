import {openDatabase} from '../../source/system/sqlite.ts';

/** A process that uses SQLite, and warns of something else. */
const database = openDatabase(':memory:');
const {one} = database.prepare('SELECT 1 AS one').get() as {one: number};
process.stdout.write(`${one}\n`);
process.emitWarning('something else');
