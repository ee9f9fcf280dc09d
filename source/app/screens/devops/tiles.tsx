import {Box} from 'ink';
import {type ReactNode, useRef} from 'react';
import type {RepositoryTile} from '../../../actions/repositories.ts';
import {listWindow, type TilesLayout} from '../../layout.ts';
import {useShell} from '../../shell.ts';
import {Tile} from './tile.tsx';

/** As many rows of tiles as fit, with the selected one among them. */
export function Tiles({
	tiles,
	position,
	layout,
	isFocused,
}: {
	readonly tiles: readonly RepositoryTile[];
	readonly position: number;
	readonly layout: TilesLayout;
	readonly isFocused: boolean;
}): ReactNode {
	const {tilesAcross, tilesDown} = layout;
	const {display} = useShell();
	const first = useRef(0);
	const rows = Math.ceil(tiles.length / tilesAcross);
	const shown = listWindow({
		length: rows,
		cursor: Math.floor(position / tilesAcross),
		height: tilesDown,
		first: first.current,
	});
	first.current = shown.first;
	return (
		<>
			{Array.from({length: shown.count}, (_, offset) => {
				const start = (shown.first + offset) * tilesAcross;
				return (
					<Box
						key={start}
						flexShrink={0}
						gap={1}
						height={layout.tileHeight}
						flexDirection={display.isScreenReader ? 'column' : 'row'}
					>
						{tiles.slice(start, start + tilesAcross).map((tile, column) => (
							<Tile
								key={tile.uuid}
								tile={tile}
								isSelected={isFocused && start + column === position}
								width={layout.tileWidth}
							/>
						))}
					</Box>
				);
			})}
		</>
	);
}
