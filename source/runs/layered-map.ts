/**
A map that never changes: `with` gives a new one and leaves the old one as it was.

Copying ten thousand entries for every event of a run would be waste, so a map is a large base that many versions share,
and a small layer of what is newer. The layer alone is copied, and merged into a new base once it has grown past the
square root of the base: n changes cost about n·√n steps instead of n².
*/
export type LayeredMap<Value> = ReadonlyMap<string, Value> & {
	readonly with: (key: string, value: Value) => LayeredMap<Value>;
};

/** Below this, merging is cheaper than looking into two layers. */
const smallestLayer = 16;

export function emptyLayeredMap<Value>(): LayeredMap<Value> {
	return layered(new Map(), new Map(), 0);
}

/** @param fresh How many keys of the layer the base does not have. */
function layered<Value>(
	base: ReadonlyMap<string, Value>,
	layer: ReadonlyMap<string, Value>,
	fresh: number,
): LayeredMap<Value> {
	const added = (): readonly string[] => [...layer.keys()].filter(key => !base.has(key));
	const get = (key: string): Value | undefined => (layer.has(key) ? layer.get(key) : base.get(key));

	/** In the order in which the keys first came. */
	function* entries(): Generator<[string, Value], undefined> {
		for (const [key, value] of base) {
			yield [key, layer.has(key) ? (layer.get(key) as Value) : value];
		}

		for (const key of added()) {
			yield [key, layer.get(key) as Value];
		}
	}

	function* keys(): Generator<string, undefined> {
		yield* base.keys();
		yield* added();
	}

	function* values(): Generator<Value, undefined> {
		for (const [, value] of entries()) {
			yield value;
		}
	}

	const map: LayeredMap<Value> = {
		size: base.size + fresh,
		get,
		has: key => layer.has(key) || base.has(key),
		entries,
		keys,
		values,
		[Symbol.iterator]: entries,
		forEach: visit => {
			for (const [key, value] of entries()) {
				visit(value, key, map);
			}
		},
		with: (key, value) => {
			const next = new Map(layer).set(key, value);
			return next.size > Math.max(smallestLayer, Math.sqrt(base.size))
				? layered(new Map([...base, ...next]), new Map(), 0)
				: layered(base, next, fresh + (layer.has(key) || base.has(key) ? 0 : 1));
		},
	};
	return map;
}
