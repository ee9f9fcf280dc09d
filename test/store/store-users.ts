import {type ChildProcess, spawn} from 'node:child_process';
import {join} from 'node:path';
import {PlanSchema} from '../../source/model/plan.ts';
import {resolveHome} from '../../source/store/home.ts';
import {openStore, type Store} from '../../source/store/store.ts';
import {systemClock} from '../../source/system/clock.ts';

export async function openStoreIn(folder: string): Promise<Store> {
	return openStore(resolveHome({BUCKET_BRIGADE_HOME: folder}), systemClock);
}

export async function addPlan(store: Store, name: string): Promise<void> {
	await store.update(contents => ({
		...contents,
		plans: [...contents.plans, PlanSchema.parse({name, organization: 'acme'})],
	}));
}

export async function planNames(store: Store): Promise<readonly string[]> {
	return (await store.read()).plans.map(plan => plan.name);
}

/** Another process that adds so many plans, one by one, and says each that is stored. */
export function startRacer(folder: string, name: string, count: number): ChildProcess {
	return spawn(
		process.execPath,
		['--import=tsx', join(import.meta.dirname, 'store-racer.ts'), name, String(count)],
		{
			env: {...process.env, BUCKET_BRIGADE_HOME: folder},
			stdio: ['ignore', 'pipe', 'inherit'],
		},
	);
}
