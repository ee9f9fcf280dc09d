import type {Clock} from '../system/clock.ts';

/**
Whether a run is paused: while it is, nothing new begins, what is under way ends.

A person may pause and resume it at any time; whoever begins something asks here before.
*/
export type Pause = {
	readonly isPaused: () => boolean;
	/**
	Resolves when something may begin: at once, unless it is paused.

	@throws The signal's reason.
	*/
	readonly passed: (signal?: AbortSignal) => Promise<void>;
	/** Machine time in milliseconds, which stands still while it is paused: only differences mean something. */
	readonly workingTime: () => number;
	/** Calls when it is paused and when it is resumed. */
	readonly onChange: (listener: () => void) => void;
};

/** The hand at it. */
export type PauseSwitch = Pause & {
	/** @returns whether that changed anything. */
	readonly set: (isPaused: boolean) => boolean;
};

export function createPause(clock: Pick<Clock, 'elapsed'>): PauseSwitch {
	const listeners: Array<() => void> = [];
	const waiting = new Set<() => void>();
	let since: number | undefined;
	let lost = 0;

	return {
		isPaused: () => since !== undefined,
		passed: async signal => {
			signal?.throwIfAborted();
			while (since !== undefined) {
				await new Promise<void>((resolve, reject) => {
					const abort = (): void => {
						waiting.delete(go);
						reject(signal?.reason);
					};
					const go = (): void => {
						waiting.delete(go);
						signal?.removeEventListener('abort', abort);
						resolve();
					};
					waiting.add(go);
					signal?.addEventListener('abort', abort, {once: true});
				});
			}
		},
		workingTime: () => (since ?? clock.elapsed()) - lost,
		onChange: listener => {
			listeners.push(listener);
		},
		set: isPaused => {
			if (isPaused === (since !== undefined)) {
				return false;
			}

			lost += since === undefined ? 0 : clock.elapsed() - since;
			since = isPaused ? clock.elapsed() : undefined;
			for (const listener of listeners) {
				listener();
			}

			for (const go of isPaused ? [] : [...waiting]) {
				go();
			}

			return true;
		},
	};
}
