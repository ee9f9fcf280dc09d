import {useRef} from 'react';
import type {RepositoryOrder} from '../../../runs/repository-order.ts';
import type {Command} from '../../input/commands.ts';
import {listWindow} from '../../layout.ts';
import {useRemembered} from '../../use-remembered.ts';
import {cursorPlace} from './cursor-place.ts';

export type RepositoryList = {
	readonly cursor: number;
	/** Slug of the selected one. */
	readonly selected: string | undefined;
	readonly visible: ReadonlyArray<{readonly name: string; readonly place: number}>;
	/** `4–12 of 40`, where the list goes on. */
	readonly position: string;
	/** The cursor goes with what is at work. */
	readonly isFollowing: boolean;
	readonly commands: readonly Command[];
};

/**
The repositories of a run: of any number, as many as fit are looked at. The cursor stays with its repository while the
others move, or follows what is at work until it is moved.
*/
export function useRepositoryList(
	order: RepositoryOrder,
	height: number,
	canFollow: boolean,
): RepositoryList {
	const [chosen, choose] = useRemembered<string | undefined>('repository', undefined);
	const [wantsToFollow, setFollowing] = useRemembered('follows', true);
	const seen = useRef({place: 0, first: 0, name: undefined as string | undefined});
	const isFollowing = canFollow && wantsToFollow;
	const cursor = cursorPlace({
		order,
		name: chosen ?? seen.current.name,
		place: seen.current.place,
		isFollowing,
	});
	const shown = listWindow({length: order.length, cursor, height, first: seen.current.first});
	const selected = order.at(cursor);
	seen.current = {place: cursor, first: shown.first, name: isFollowing ? selected : seen.current.name};

	const move = (place: number): void => {
		setFollowing(false);
		choose(order.at(Math.max(0, Math.min(place, order.length - 1))));
	};

	return {
		cursor,
		selected,
		visible: Array.from({length: shown.count}, (_, offset) => shown.first + offset).flatMap(place => {
			const name = order.at(place);
			return name === undefined ? [] : [{name, place}];
		}),
		position:
			order.length > shown.count ? `${shown.first + 1}–${shown.first + shown.count} of ${order.length}` : '',
		isFollowing,
		commands: [
			{id: 'up', run: () => move(cursor - 1)},
			{id: 'down', run: () => move(cursor + 1)},
			{id: 'pageUp', run: () => move(cursor - height)},
			{id: 'pageDown', run: () => move(cursor + height)},
			{id: 'first', run: () => move(0)},
			{id: 'last', run: () => move(order.length - 1)},
			...(canFollow
				? [
						{
							id: 'follow' as const,
							run: () => {
								choose(isFollowing ? selected : undefined);
								setFollowing(!isFollowing);
							},
						},
					]
				: []),
		],
	};
}
