import {Text} from 'ink';
import type {ReactNode} from 'react';
import {cut, fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {useLoaded} from '../../use-loaded.ts';
import {Reading} from '../reading.tsx';

/** Where things lie. */
export function SettingsScreen(): ReactNode {
	const {services, size, frame} = useShell();
	const loaded = useLoaded('settings', async () => services.settings());
	const nameWidth = size.columns >= 70 ? 44 : 20;
	return (
		<Screen commands={[]}>
			<Line tone="title">Where things lie</Line>
			<Reading loaded={loaded} what="the settings" empty="" />
			{(loaded.value ?? []).slice(0, Math.max(0, frame.body.rows - 4)).map(({name, value}) => (
				<Line key={name}>
					{fit(name, nameWidth)} <Text {...lookOf('muted')}>{cut(value, size.columns - nameWidth - 4)}</Text>
				</Line>
			))}
			<Line />
			<Line tone="muted">
				{cut('Secrets lie encrypted in the vault. Keep a copy of its key in a safe place.', size.columns - 3)}
			</Line>
		</Screen>
	);
}
