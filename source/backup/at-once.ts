/**
Works through a list, so many at once, in its order.

The first error ends it: nothing more is begun, what is under way is waited for, then the error is thrown.
*/
export async function forEachAtOnce<Item>(
	items: Iterable<Item> | AsyncIterable<Item>,
	atOnce: number,
	work: (item: Item) => Promise<void>,
): Promise<void> {
	const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
	let failure: {readonly error: unknown} | undefined;

	const worker = async (): Promise<void> => {
		try {
			for (;;) {
				const next = failure === undefined ? await iterator.next() : undefined;
				if (next === undefined || next.done || failure !== undefined) {
					return;
				}

				await work(next.value);
			}
		} catch (error) {
			failure ??= {error};
		}
	};

	await Promise.all(Array.from({length: Math.max(1, atOnce)}, worker));
	if (failure !== undefined) {
		await iterator.return?.();
		throw (failure as {readonly error: unknown}).error;
	}
}
