import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {Plan} from '../../../model/plan.ts';
import {cut, fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {useLoaded} from '../../use-loaded.ts';
import {forecastTexts} from './forecast-texts.ts';

/** Lines that the forecast takes at most, the empty one before it included. */
export const forecastLines = 6;

const titleWidth = 10;

/** What a plan's next run would take if it began now, with the accounts that are chosen. */
export function ForecastPart({
	plan,
	isAsSaved,
	width,
}: {
	readonly plan: Plan;
	/** Which repositories and data are backed up was changed in the form: what is foretold is the plan as it is saved. */
	readonly isAsSaved: boolean;
	readonly width: number;
}): ReactNode {
	const {services, signs} = useShell();
	const loaded = useLoaded(`forecast ${JSON.stringify(plan)}`, async () => services.forecast(plan));
	const texts = loaded.value === undefined ? undefined : forecastTexts(loaded.value);
	const room = width - titleWidth - 1;
	const headline = texts?.headline ?? loaded.problem ?? `reckoning ${signs.ellipsis}`;
	return (
		<>
			<Line />
			<Line>
				<Text {...lookOf('title')}>{fit('Forecast', titleWidth)}</Text>
				{cut(isAsSaved ? `${headline}, as saved` : headline, room)}
			</Line>
			{texts?.outlooks.map(text => (
				<Line key={text}>
					{' '.repeat(titleWidth)}
					{cut(text, room)}
				</Line>
			))}
			{texts === undefined ? null : (
				<Line tone="muted">
					{' '.repeat(titleWidth)}
					{cut(texts.basis, room)}
				</Line>
			)}
		</>
	);
}
