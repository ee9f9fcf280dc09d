import {useMemo, useRef} from 'react';
import {createOrderFilter} from '../../../runs/order-filter.ts';
import type {RepositoryOrder} from '../../../runs/repository-order.ts';
import type {Command} from '../../input/commands.ts';
import {isMatch} from '../../use-filter.ts';
import {useRemembered} from '../../use-remembered.ts';
import {numberText} from '../../words.ts';
import {type RepositoryWindow, repositoryWindow} from './repository-window.ts';

export type RepositoryList = RepositoryWindow & {
	/** How many there are, of those that the filter takes. */
	readonly length: number;
	/** `4–12 of 40`, where the list goes on. */
	readonly position: string;
	readonly isFollowing: boolean;
	readonly commands: readonly Command[];
};

/** The repositories of a run that a filter takes, with a cursor that follows what is at work until it is moved. */
export function useRepositoryList(
	all: RepositoryOrder,
	filter: string,
	height: number,
	canFollow: boolean,
): RepositoryList {
	// Nothing is looked at where nothing is filtered; with a filter, each name once.
	const keep = useMemo(
		() => (filter === '' ? undefined : createOrderFilter(name => isMatch(name, filter))),
		[filter],
	);
	const order = useMemo(() => keep?.(all) ?? all, [keep, all]);
	const [chosen, choose] = useRemembered<string | undefined>('repository', undefined);
	const [wantsToFollow, setFollowing] = useRemembered('follows', true);
	const seen = useRef({place: 0, first: 0, name: undefined as string | undefined});
	const isFollowing = canFollow && wantsToFollow;
	const view = {...seen.current, name: chosen ?? seen.current.name, isFollowing};
	const shown = repositoryWindow(order, view, height);
	const {cursor, selected, first, visible} = shown;
	seen.current = {place: cursor, first, name: isFollowing ? selected : seen.current.name};

	const move = (place: number): void => {
		setFollowing(false);
		choose(order.at(Math.max(0, Math.min(place, order.length - 1))));
	};

	const follow = (): void => {
		choose(isFollowing ? selected : undefined);
		setFollowing(!isFollowing);
	};

	return {
		...shown,
		length: order.length,
		isFollowing,
		position:
			order.length > visible.length
				? `${numberText(first + 1)}–${numberText(first + visible.length)} of ${numberText(order.length)}`
				: '',
		commands: [
			{id: 'up', run: () => move(cursor - 1)},
			{id: 'down', run: () => move(cursor + 1)},
			{id: 'pageUp', run: () => move(cursor - height)},
			{id: 'pageDown', run: () => move(cursor + height)},
			{id: 'first', run: () => move(0)},
			{id: 'last', run: () => move(order.length - 1)},
			...(canFollow ? [{id: 'follow' as const, run: follow}] : []),
		],
	};
}
