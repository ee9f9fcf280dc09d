import {setTimeout as delay} from 'node:timers/promises';

/** Looks again and again until it is so; it is the test's own time-out that ends it otherwise. */
export async function waitUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await isSo())) {
		await delay(5);
	}
}
