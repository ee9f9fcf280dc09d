import {notFound} from './problem.ts';

/** The element with this uuid, with or without braces. Throws 404 when there is none. */
export function byUuid<Item extends {readonly uuid: string}>(items: readonly Item[], uuid: string): Item {
	const wanted = uuid.startsWith('{') ? uuid : `{${uuid}}`;
	return found(items.find(item => item.uuid === wanted));
}

/** The element with this number. Throws 404 when there is none. */
export function byId<Item extends {readonly id: number}>(items: readonly Item[], id: string): Item {
	return found(items.find(item => String(item.id) === id));
}

/** Throws 404 for nothing. */
export function found<Item>(item: Item | undefined, message?: string): Item {
	if (item === undefined) {
		throw notFound(message);
	}

	return item;
}
