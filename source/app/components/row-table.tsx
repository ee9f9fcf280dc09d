import {Box, Text} from 'ink';
// The alias of the build that loads with Ink 8, see package.json.
import {Table} from 'ink-table';
import {createContext, type PropsWithChildren, type ReactNode, useContext} from 'react';
import {fit} from '../cells.ts';
import {useShell} from '../shell.ts';
import {lookOf, type Tone} from '../theme.ts';

export type RowTableColumn = {readonly name: string; readonly width: number};

/**
What the cells say, by the marks that stand for them. ink-table measures texts by their length, not by their cells: it is
given marks of the right length, so that wide characters and combining ones break no border.
*/
const CellTexts = createContext<ReadonlyMap<string, {readonly text: string; readonly tone: Tone}>>(new Map());

/** A table with lines around its cells, each exactly as wide as its column says. */
export function RowTable({
	columns,
	rows,
	tones = [],
}: {
	readonly columns: readonly RowTableColumn[];
	/** The cells' texts by the columns' names. */
	readonly rows: ReadonlyArray<Readonly<Record<string, string>>>;
	/** By row, what those cells mean that are not plain. */
	readonly tones?: ReadonlyArray<Readonly<Record<string, Tone>>>;
}): ReactNode {
	const {signs} = useShell();
	const texts = new Map<string, {readonly text: string; readonly tone: Tone}>();
	const marks = rows.map((row, index) =>
		Object.fromEntries(
			columns.map(({name, width}, column) => {
				const mark = `${index}:${column}`;
				texts.set(mark, {text: fit(row[name] ?? '', width), tone: tones[index]?.[name] ?? 'plain'});
				return [name, mark.padEnd(width)];
			}),
		),
	);
	return (
		<CellTexts.Provider value={texts}>
			<Box flexDirection="column" flexShrink={0}>
				<Table
					data={marks}
					columns={columns.map(({name}) => name)}
					padding={1}
					header={Heading}
					cell={Cell}
					skeleton={signs.border === 'classic' ? AsciiSkeleton : Skeleton}
				/>
			</Box>
		</CellTexts.Provider>
	);
}

function Cell({children}: PropsWithChildren): ReactNode {
	const mark = String(children);
	const cell = useContext(CellTexts).get(mark.trim());
	return cell === undefined ? <Text>{mark}</Text> : <Text {...lookOf(cell.tone)}> {cell.text} </Text>;
}

function Heading({children}: PropsWithChildren): ReactNode {
	return <Text {...lookOf('title')}>{children}</Text>;
}

function Skeleton({children}: PropsWithChildren): ReactNode {
	return <Text {...lookOf('muted')}>{children}</Text>;
}

/** The table's lines for terminals without Unicode. */
function AsciiSkeleton({children}: PropsWithChildren): ReactNode {
	const text = String(children)
		.replaceAll(/[┌┬┐├┼┤└┴┘]/g, '+')
		.replaceAll('─', '-')
		.replaceAll('│', '|');
	return <Text {...lookOf('muted')}>{text}</Text>;
}
