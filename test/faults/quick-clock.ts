import {type Clock, systemClock} from '../../source/system/clock.ts';

/** Time that goes so many times as fast: what is waited for between tries is soon over. */
export function createQuickClock(factor: number): Clock {
	const [began, at] = [systemClock.elapsed(), systemClock.now()];
	const passed = (): number => (systemClock.elapsed() - began) * factor;
	return {
		boot: systemClock.boot,
		elapsed: () => began + passed(),
		now: () => at + passed(),
		wait: async (milliseconds, signal) => systemClock.wait(milliseconds / factor, signal),
	};
}
