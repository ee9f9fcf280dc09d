import {PlanSchema} from '../../source/model/plan.ts';
import {resolveHome} from '../../source/store/home.ts';
import {openStore} from '../../source/store/store.ts';
import {systemClock} from '../../source/system/clock.ts';

/** A process that adds so many plans, one by one. */
const [, , name = '', count = '0'] = process.argv;
const store = await openStore(resolveHome(process.env), systemClock);
for (let n = 0; n < Number(count); n += 1) {
	await store.update(contents => ({
		...contents,
		plans: [...contents.plans, PlanSchema.parse({name: `${name}-${n}`, organization: 'acme'})],
	}));
}
