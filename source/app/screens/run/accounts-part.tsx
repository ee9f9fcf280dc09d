import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {Resource} from '../../../model/quota-limit.ts';
import type {QuotaView, RunAccount} from '../../../runs/run-state-types.ts';
import {cut, fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import type {RunLayout} from '../../layout.ts';
import {useShell} from '../../shell.ts';
import {lookOf, type Tone} from '../../theme.ts';
import {numberText, untilText} from '../../words.ts';
import {quotaBar} from './quota-bar.ts';

export type AccountLine = {
	readonly account: RunAccount;
	/** The account's first line carries its label. */
	readonly isFirst: boolean;
	readonly resource?: Resource;
	readonly quota?: QuotaView;
};

const shownResources: readonly Resource[] = ['api', 'webhooks', 'raw', 'archive'];

/**
A line for each account and each of its resources in use. Git has sixty times the quota of the API and never fills: it is
shown where it is more than half used, so that bars that matter have the room.
*/
export function accountLines(accounts: readonly RunAccount[]): readonly AccountLine[] {
	return accounts.flatMap((account): readonly AccountLine[] => {
		if (account.failed !== undefined) {
			return [{account, isFirst: true}];
		}

		const inUse = [...shownResources, 'git' as const].flatMap(resource => {
			const quota = account.quotas[resource];
			const isShown =
				quota !== undefined &&
				(resource === 'api' || quota.frozenUntil !== null || quota.used * 2 > quota.limit);
			return isShown ? [{resource, quota}] : [];
		});
		return inUse.length === 0
			? [{account, isFirst: true}]
			: inUse.map((one, index) => ({account, isFirst: index === 0, ...one}));
	});
}

export function AccountsPart({
	lines,
	layout,
	isLive,
	width,
}: {
	readonly lines: readonly AccountLine[];
	readonly layout: RunLayout;
	readonly isLive: boolean;
	readonly width: number;
}): ReactNode {
	const {signs} = useShell();
	const shown = lines.slice(0, layout.accountRows);
	const hidden = lines.length - shown.length;
	return (
		<>
			<Line tone="title">
				{fit('Accounts', layout.labelWidth + layout.resourceWidth + 1)}
				<Text {...lookOf('muted')}>
					{cut(
						`used of the limit, ${signs.barReserve} kept in reserve, ${signs.good} limit told by Bitbucket${hidden > 0 ? `; ${hidden} more lines` : ''}`,
						width - layout.labelWidth - layout.resourceWidth - 2,
					)}
				</Text>
			</Line>
			{shown.map(line => (
				<QuotaLine
					key={`${line.account.id} ${line.resource ?? ''}`}
					line={line}
					layout={layout}
					isLive={isLive}
					width={width}
				/>
			))}
		</>
	);
}

function QuotaLine({
	line,
	layout,
	isLive,
	width,
}: {
	readonly line: AccountLine;
	readonly layout: RunLayout;
	readonly isLive: boolean;
	readonly width: number;
}): ReactNode {
	const {signs, services} = useShell();
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
				{cut(`${account.failed.reason} The run goes on without it.`, width - layout.labelWidth - 11)}
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

	const isNarrow = layout.stateWidth < 13;
	const state = quotaState(quota, isLive, services.now(), isNarrow ? '' : signs.attention);
	const counts = `${numberText(quota.used)}/${numberText(quota.limit)}`;
	const told = quota.source === 'server' ? signs.good : ' ';
	return (
		<Line>
			{label} <Text {...lookOf('muted')}>{fit(resource ?? '', layout.resourceWidth)}</Text>
			<Text {...lookOf(state.tone)}>{quotaBar(quota, layout.barWidth, signs)}</Text>
			{fit(counts, layout.countsWidth, 'right')}{' '}
			{isNarrow ? null : (
				<>
					<Text {...lookOf('muted')}>{told}</Text>{' '}
				</>
			)}
			<Text {...lookOf(state.tone)}>{fit(state.text, layout.stateWidth)}</Text>
			{layout.hasRate ? (
				<Text {...lookOf('muted')}>{fit(`${numberText(quota.perMinute)}/min`, 9, 'right')}</Text>
			) : null}
		</Line>
	);
}

function quotaState(
	quota: QuotaView,
	isLive: boolean,
	now: number,
	sign: string,
): {readonly tone: Tone; readonly text: string} {
	if (quota.frozenUntil !== null && quota.ledgerLost && isLive) {
		const until = untilText(Date.parse(quota.frozenUntil), now);
		return {tone: 'attention', text: sign === '' ? `! ${until}` : `waits ${until}`};
	}

	if (quota.frozenUntil !== null && isLive) {
		return {tone: 'bad', text: `${sign} 429 ${untilText(Date.parse(quota.frozenUntil), now)}`.trim()};
	}

	if (quota.remaining <= 0 && isLive) {
		const frees = quota.resets === null ? '' : untilText(Date.parse(quota.resets), now);
		return {tone: 'attention', text: sign === '' ? `! ${frees || 'waits'}` : `waits ${frees}`};
	}

	if (sign !== '' && isLive && quota.others > 0) {
		return {tone: 'attention', text: `others ${numberText(quota.others)}`};
	}

	return {tone: 'accent', text: sign !== '' && isLive && quota.oneByOne ? 'one by one' : ''};
}
