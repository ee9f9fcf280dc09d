import type {RepositoryOrder} from '../../../runs/repository-order.ts';

/**
Where the cursor stands in a list whose entries move: at what has been at work for the longest time while it follows, else
at its own repository, wherever that has gone; where it has none, at its place.
*/
export function cursorPlace({
	order,
	name,
	place,
	isFollowing,
}: {
	readonly order: Pick<RepositoryOrder, 'length' | 'placeOf' | 'firstAtWork'>;
	/** Slug of the one it stood at. */
	readonly name: string | undefined;
	/** Where it stood. */
	readonly place: number;
	readonly isFollowing: boolean;
}): number {
	const followed = isFollowing ? order.firstAtWork : undefined;
	const own = name === undefined ? undefined : order.placeOf(name);
	return Math.max(0, Math.min(followed ?? own ?? place, order.length - 1));
}
