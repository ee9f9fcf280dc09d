import type {Command} from '../../input/commands.ts';
import type {TilesLayout} from '../../layout.ts';

/** The keys that move through the list of organizations; right leaves it for the tiles. */
export function organizationMoves(
	chosen: number,
	count: number,
	select: (index: number) => void,
	leave: () => void,
): readonly Command[] {
	return [
		{id: 'up', run: () => select(Math.max(0, chosen - 1))},
		{id: 'down', run: () => select(Math.min(count - 1, chosen + 1))},
		{id: 'right', run: leave},
		{id: 'first', run: () => select(0)},
		{id: 'last', run: () => select(Math.max(0, count - 1))},
	];
}

/** The keys that move over the tiles, as they lie; left of the first column they leave for the organizations. */
export function tileMoves({
	position,
	count,
	layout,
	select,
	leave,
}: {
	readonly position: number;
	readonly count: number;
	readonly layout: Pick<TilesLayout, 'tilesAcross' | 'tilesDown'>;
	readonly select: (index: number) => void;
	readonly leave: () => void;
}): readonly Command[] {
	const {tilesAcross, tilesDown} = layout;
	const last = Math.max(0, count - 1);
	const move = (by: number) => (): void => {
		const next = position + by;
		// A step beyond the edge stays; a page goes as far as it can.
		select(
			Math.abs(by) > tilesAcross
				? Math.max(0, Math.min(last, next))
				: next < 0 || next > last
					? position
					: next,
		);
	};

	return [
		{id: 'up', run: move(-tilesAcross)},
		{
			id: 'down',
			run: () =>
				select(
					position + tilesAcross <= last
						? position + tilesAcross
						: sameRow(position, last, tilesAcross)
							? position
							: last,
				),
		},
		{id: 'left', run: position % tilesAcross === 0 ? leave : move(-1)},
		{id: 'right', run: move(1)},
		{id: 'pageUp', run: move(-tilesAcross * tilesDown)},
		{id: 'pageDown', run: move(tilesAcross * tilesDown)},
		{id: 'first', run: () => select(0)},
		{id: 'last', run: () => select(last)},
	];
}

function sameRow(one: number, other: number, across: number): boolean {
	return Math.floor(one / across) === Math.floor(other / across);
}
