import {listMirrors} from '../../../source/backup/list-mirrors.ts';
import {verifyListed} from '../../../source/backup/verify/verify-listed.ts';
import {systemClock} from '../../../source/system/clock.ts';
import {createFakePool} from '../fake-pool.ts';

/*
A verification with repair in a process of its own, for tests that kill it: the destination and the Git server's origin come as
arguments. It says what came of each.
*/
const [destination = '', origin = ''] = process.argv.slice(2);
const pool = createFakePool({origin});
for (const mirror of await listMirrors(destination, 'acme')) {
	const {state} = await verifyListed(mirror, {
		clock: systemClock,
		signal: new AbortController().signal,
		source: async () => ({
			pool,
			upstream: {name: 'web', cloneUrl: `${origin}/acme/web.git`, pool},
			path: '/repositories/acme/web',
		}),
		progress: () => undefined,
	});
	process.stdout.write(`${state}\n`);
}
