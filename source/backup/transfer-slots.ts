/** Lets so many large files come at once, whichever repositories they belong to. */
export type TransferSlots = {
	/** Waits for a slot, and holds it while something is done. Who waits longest comes next. */
	readonly use: <Result>(work: () => Promise<Result>) => Promise<Result>;
};

/**
@param count How many there are.
@param mayBegin Waited for before anything is done; what it throws ends the work before it begins.
*/
export function createTransferSlots(
	count: number,
	mayBegin: () => Promise<void> = async () => undefined,
): TransferSlots {
	let free = count;
	const waiting: Array<() => void> = [];
	return {
		use: async work => {
			if (free > 0) {
				free -= 1;
			} else {
				await new Promise<void>(resolve => {
					waiting.push(resolve);
				});
			}

			try {
				await mayBegin();
				return await work();
			} finally {
				const next = waiting.shift();
				if (next === undefined) {
					free += 1;
				} else {
					// It goes from hand to hand: nobody else gets it in between.
					next();
				}
			}
		},
	};
}
