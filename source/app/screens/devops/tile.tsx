import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import type {RepositoryTile} from '../../../actions/repositories.ts';
import {cut, fit, widthOf} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {useShell} from '../../shell.ts';
import {lookOf, type Signs, type Tone} from '../../theme.ts';
import {bytesText, momentText} from '../../words.ts';

/** What is read aloud has no width; a name may be endless all the same. */
const spokenWidth = 1000;

/** One repository: name, last backup, plans, and Edit below its left corner. */
export function Tile({
	tile,
	isSelected,
	width,
}: {
	readonly tile: RepositoryTile;
	readonly isSelected: boolean;
	readonly width: number;
}): ReactNode {
	const {signs, services, display} = useShell();
	const inner = width - 4;
	const {tone, text, size: wholeSize} = backupText(tile, signs, services.now());
	// When it was says more than how much it is.
	const size = widthOf(text) + wholeSize.length <= inner - 2 ? wholeSize : '';
	const plans = tile.plans.length === 0 ? 'in no plan' : tile.plans.join(', ');
	if (display.isScreenReader) {
		const parts = [tile.name, text.replace(`${signs.none} `, '').trim(), size.trim(), plans].filter(
			part => part !== '',
		);
		return <Line>{`${isSelected ? `${signs.cursor} ` : ''}${cut(parts.join(', '), spokenWidth)}`}</Line>;
	}

	return (
		<Box
			width={width}
			height={6}
			flexShrink={0}
			flexDirection="column"
			borderStyle={isSelected && signs.border === 'single' ? 'bold' : signs.border}
			{...(isSelected ? {borderColor: 'cyan'} : {borderDimColor: true})}
			paddingLeft={1}
			paddingRight={1}
		>
			<Line tone={isSelected ? 'selected' : 'plain'}>
				{isSelected ? signs.cursor : ' '} {fit(tile.name, inner - 2)}
			</Line>
			<Line>
				{'  '}
				<Text {...lookOf(tone)}>{fit(text, inner - 2 - size.length)}</Text>
				<Text {...lookOf('muted')}>{size}</Text>
			</Line>
			<Line tone="muted">
				{'  '}
				{cut(plans, inner - 2)}
			</Line>
			<Line>
				{'  '}
				<Text {...lookOf(isSelected ? 'accent' : 'muted')}>[Edit]</Text>
			</Line>
		</Box>
	);
}

type BackupText = {readonly tone: Tone; readonly text: string; readonly size: string};

/** What is known of a repository's backup. */
export function backupText(
	{backup, isUpstream, plans}: RepositoryTile,
	signs: Signs,
	now: number,
): BackupText {
	const size = backup?.bytes === undefined ? '' : ` ${bytesText(backup.bytes)}`;
	if (!isUpstream) {
		return {tone: 'muted', text: `${signs.gone} gone upstream`, size};
	}

	if (backup === undefined) {
		return {
			tone: 'muted',
			text: plans.length === 0 ? `${signs.none} no backup` : `${signs.waiting} not yet`,
			size: '',
		};
	}

	const when = momentText(backup.lastRunAt, now);
	switch (backup.status) {
		case 'failed':
			return {tone: 'bad', text: `${signs.bad} failed ${when}`, size};
		case 'partial':
			return {tone: 'attention', text: `${signs.attention} partial ${when}`, size};
		default:
			return {tone: 'good', text: `${signs.good === '' ? 'saved' : signs.good} ${when}`, size};
	}
}
