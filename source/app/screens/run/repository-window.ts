import type {RepositoryOrder} from '../../../runs/repository-order.ts';
import {listWindow} from '../../layout.ts';

/** What of a run's repositories was shown before, and what a person wants of it. */
export type RepositoryView = {
	/** Slug of the one that the cursor stood at; undefined where it stood at a place. */
	readonly name: string | undefined;
	/** Where it stood. */
	readonly place: number;
	/** First place shown. */
	readonly first: number;
	/** The cursor goes with what is at work. */
	readonly isFollowing: boolean;
};

export type RepositoryWindow = {
	readonly cursor: number;
	/** Slug of the one at the cursor. */
	readonly selected: string | undefined;
	readonly first: number;
	readonly visible: ReadonlyArray<{readonly name: string; readonly place: number}>;
};

/**
The part of a list that is shown while its entries move. The cursor stands at what has been at work for the longest time while
it follows, else at its own repository, wherever that has gone; where it has none, at its place.

Looks at what is shown alone, however long the list is.
*/
export function repositoryWindow(
	order: Pick<RepositoryOrder, 'length' | 'at' | 'placeOf' | 'firstAtWork'>,
	{name, place, first, isFollowing}: RepositoryView,
	height: number,
): RepositoryWindow {
	const followed = isFollowing ? order.firstAtWork : undefined;
	const own = followed === undefined && name !== undefined ? order.placeOf(name) : undefined;
	const cursor = Math.max(0, Math.min(followed ?? own ?? place, order.length - 1));
	const shown = listWindow({length: order.length, cursor, height, first});
	return {
		cursor,
		selected: order.at(cursor),
		first: shown.first,
		visible: Array.from({length: shown.count}, (_, offset) => shown.first + offset).flatMap(at => {
			const found = order.at(at);
			return found === undefined ? [] : [{name: found, place: at}];
		}),
	};
}
