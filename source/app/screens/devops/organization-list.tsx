import {Box} from 'ink';
import type {ReactNode} from 'react';
import type {OrganizationSummary} from '../../../actions/organizations.ts';
import {cut, fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {keyOf} from '../../input/commands.ts';
import {listWindow} from '../../layout.ts';
import {useShell} from '../../shell.ts';

/** The organizations, of which one is chosen. */
export function OrganizationList({
	organizations,
	chosen,
	isFocused,
	width,
	height,
}: {
	readonly organizations: readonly OrganizationSummary[];
	readonly chosen: number;
	readonly isFocused: boolean;
	readonly width: number;
	readonly height: number;
}): ReactNode {
	const {signs, display, keys} = useShell();
	const chosenSign = display.isScreenReader ? 'chosen:' : signs.dot;
	const shown = listWindow({
		length: organizations.length,
		cursor: chosen,
		height: Math.max(1, height - 3),
		first: 0,
	});
	return (
		<Box flexDirection="column" width={width} flexShrink={0}>
			<Line tone="muted">Organizations</Line>
			{organizations.slice(shown.first, shown.first + shown.count).map(({workspace}, offset) => {
				const isChosen = shown.first + offset === chosen;
				return (
					<Line key={workspace} tone={isChosen ? 'selected' : 'plain'}>
						{isChosen ? (isFocused ? signs.cursor : chosenSign) : ' '} {fit(workspace, width - 3)}
					</Line>
				);
			})}
			<Line tone="muted">
				{'  '}
				{keyOf(keys.keyMap, 'addOrganization')} adds one
			</Line>
			<Line tone="muted">
				{'  '}
				{cut(`${keyOf(keys.keyMap, 'workspace')} its own data`, width - 3)}
			</Line>
		</Box>
	);
}
