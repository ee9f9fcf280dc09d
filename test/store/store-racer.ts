import {addPlan, openStoreIn} from './store-users.ts';

/** A process that adds so many plans, one by one, and says each that is stored. */
const [, , name = '', count = '0'] = process.argv;
const store = await openStoreIn(process.env['BUCKET_BRIGADE_HOME'] ?? '');
for (let n = 0; n < Number(count); n += 1) {
	await addPlan(store, `${name}-${n}`);
	process.stdout.write(`${name}-${n}\n`);
}
