/**
A list that never changes and may grow: `with` gives a longer one and leaves this one as it was.

Versions that grew from one another share their entries, each knowing how many of them are its own, so that n entries take n
steps and not n².
*/
export type GrowingList<Item> = {
	readonly length: number;
	readonly at: (index: number) => Item | undefined;
	readonly with: (...items: readonly Item[]) => GrowingList<Item>;
};

export function emptyGrowingList<Item>(): GrowingList<Item> {
	return growing<Item>([], 0);
}

function growing<Item>(shared: Item[], length: number): GrowingList<Item> {
	return {
		length,
		at: index => (index >= 0 && index < length ? shared[index] : undefined),
		with: (...items) => {
			// Another version grew from this one already: its entries are not ours.
			const own = shared.length === length ? shared : shared.slice(0, length);
			for (const item of items) {
				own.push(item);
			}

			return growing(own, own.length);
		},
	};
}
