import {Text} from 'ink';
import type {ReactNode} from 'react';
import {minuteOf} from '../../../runs/minute-rates.ts';
import {cut, fit, widthOf} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {SpokenLine} from '../../components/spoken-line.tsx';
import type {RunLayout} from '../../layout.ts';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {numberText} from '../../words.ts';
import {type AccountLine, chartsOf} from './account-lines.ts';
import {quotaBar} from './quota-bar.ts';
import {type QuotaText, quotaText, sentText} from './quota-texts.ts';
import {sparkline} from './sparkline.ts';
import {spokenQuota} from './spoken-run.ts';

export type AccountsPartProps = {
	/** All of them, whether there is room or not. */
	readonly lines: readonly AccountLine[];
	readonly layout: RunLayout;
	/** What is told of a run that is over is what was sent. */
	readonly moment: {readonly state: 'live' | 'paused' | 'over'; readonly now: number};
	readonly width: number;
};

/** A quota bar for each account and resource in use, with what is to be known of it and a chart of its last minutes. */
export function AccountsPart({lines, layout, moment, width}: AccountsPartProps): ReactNode {
	const {display} = useShell();
	if (display.isScreenReader) {
		return (
			<>
				<Line>Accounts:</Line>
				{lines.map(line => (
					<SpokenLine key={`${line.account.id} ${line.resource ?? ''}`} parts={spokenQuota(line, moment)} />
				))}
			</>
		);
	}

	const shown = lines.slice(0, layout.accountRows);
	const {charts, highest} = chartsOf(shown, minuteOf(moment.now), layout.chartWidth);
	return (
		<>
			<AccountsHeading hidden={lines.length - shown.length} layout={layout} moment={moment} width={width} />
			{shown.map((line, index) => (
				<QuotaLine
					key={`${line.account.id} ${line.resource ?? ''}`}
					line={line}
					layout={layout}
					moment={moment}
					chart={charts[index] ?? []}
					highest={highest}
					width={width}
				/>
			))}
		</>
	);
}

/** What stands in the columns, and what the signs in the bars mean. */
function AccountsHeading({
	hidden,
	layout,
	moment,
	width,
}: Omit<AccountsPartProps, 'lines'> & {readonly hidden: number}): ReactNode {
	const {signs} = useShell();
	const {labelWidth, resourceWidth, barWidth, countsWidth, toldWidth, stateWidth, rateWidth, chartWidth} =
		layout;
	const title = `Accounts${hidden > 0 ? ` +${hidden}` : ''}`;
	const legends = [
		`${signs.barReserve} kept in reserve, ${signs.good} told by Bitbucket`,
		`${signs.barReserve} reserve`,
		'',
	];
	const legend = legends.find(text => widthOf(text) <= barWidth) ?? '';
	const state = moment.state === 'over' || stateWidth < 13 ? '' : 'frees';
	return (
		<Line>
			<Text {...lookOf('title')}>{fit(title, labelWidth + 1 + resourceWidth)}</Text>
			<Text {...lookOf('muted')}>
				{cut(
					` ${fit(legend, barWidth)} ${fit('used/limit', countsWidth, 'right')}${fit('', toldWidth)}${fit(state, stateWidth)}${chartWidth > 0 ? fit('a minute', rateWidth + 1 + chartWidth, 'right') : ''}`,
					width - labelWidth - 1 - resourceWidth,
				)}
			</Text>
		</Line>
	);
}

function QuotaLine({
	line,
	layout,
	moment,
	chart,
	highest,
	width,
}: Omit<AccountsPartProps, 'lines'> & {
	readonly line: AccountLine;
	readonly chart: ReadonlyArray<number | undefined>;
	readonly highest: number;
}): ReactNode {
	const {signs} = useShell();
	const {account, quota, resource} = line;
	const others = account.credentials.length - 1;
	const label = fit(
		line.isFirst ? `${account.label}${others > 0 ? ` +${others}` : ''}` : '',
		layout.labelWidth,
	);
	if (account.failed !== undefined) {
		return (
			<Line>
				{label} <Text {...lookOf('bad')}>{signs.bad} failed</Text>{' '}
				{cut(
					`${account.failed.reason}${moment.state === 'over' ? '' : ' The run goes on without it.'}`,
					width - layout.labelWidth - 11,
				)}
			</Line>
		);
	}

	if (quota === undefined) {
		return (
			<Line>
				{label} <Text {...lookOf('muted')}>not used yet</Text>
			</Line>
		);
	}

	const {state: runs, now} = moment;
	const state: QuotaText =
		runs === 'over'
			? {tone: 'muted', text: sentText(line, layout.stateWidth)}
			: quotaText(quota, {state: runs, now}, layout.stateWidth, signs);
	const told = quota.source === 'server' ? signs.good : ' ';
	return (
		<Line>
			{label} <Text {...lookOf('muted')}>{fit(resource ?? '', layout.resourceWidth)}</Text>
			<Text {...lookOf(state.tone === 'muted' ? 'accent' : state.tone)}>
				{quotaBar(quota, layout.barWidth, signs)}
			</Text>
			{fit(`${numberText(quota.used)}/${numberText(quota.limit)}`, layout.countsWidth, 'right')}
			<Text {...lookOf('muted')}>{fit(layout.toldWidth > 1 ? ` ${told}` : '', layout.toldWidth)}</Text>
			<Text {...lookOf(state.tone)}>{fit(state.text, layout.stateWidth)}</Text>
			{layout.chartWidth > 0 ? (
				<Text {...lookOf('muted')}>
					{fit(moment.state === 'over' ? '' : numberText(quota.perMinute), layout.rateWidth, 'right')}{' '}
					{sparkline(chart, highest, signs)}
				</Text>
			) : null}
		</Line>
	);
}
