import {Box} from 'ink';
import {type ReactNode, useState} from 'react';
import type {CredentialSummary} from '../../../actions/credentials.ts';
import {expiryOf, expiryText} from '../../../model/expiry.ts';
import {cut} from '../../cells.ts';
import {expiryTone} from '../../components/expiry-notice.tsx';
import {Line} from '../../components/line.tsx';
import {Paragraph} from '../../components/paragraph.tsx';
import {RowTable} from '../../components/row-table.tsx';
import {Screen} from '../../components/screen.tsx';
import {Spinner} from '../../components/spinner.tsx';
import {keyOf} from '../../input/commands.ts';
import {messageOf} from '../../message-of.ts';
import {useShell} from '../../shell.ts';
import {useFilteredList} from '../../use-filtered-list.tsx';
import {useLoaded} from '../../use-loaded.ts';
import {plural} from '../../words.ts';
import {Reading, whyNothing} from '../reading.tsx';
import {type CredentialRow, checkSummary, credentialRow, credentialTones} from './credential-texts.ts';

/** The table's frame takes these lines beside its rows: three rules and a heading; the text below it four. */
const otherLines = 9;

/** The organization's credentials: the primary one first, then the additional ones. */
export function CredentialsScreen({
	workspace,
	repository,
}: {
	readonly workspace: string;
	readonly repository: string;
}): ReactNode {
	const {services, size, frame, signs, go, say, ask, keys} = useShell();
	const [isChecking, setChecking] = useState(false);
	const loaded = useLoaded(`credentials ${workspace}`, async () => services.credentials(workspace));
	const list = useFilteredList('credentials', {
		items: loaded.value ?? [],
		textOf: ({label, kind, account, state}) => `${label} ${kind} ${account?.name ?? ''} ${state}`,
		rows: frame.body.rows - otherLines,
		// The lines of a table stand between its rows.
		entriesIn: rows => Math.max(1, Math.floor(rows / 2) + 1),
	});
	const {selected} = list;
	const nothing = selected === undefined ? whyNothing(loaded, 'There is no credential yet.') : undefined;

	const check = async (): Promise<void> => {
		if (selected === undefined) {
			return;
		}

		setChecking(true);
		try {
			const found = await services.checkCredential(workspace, selected.label);
			say({
				tone: found?.state === 'ok' ? 'good' : 'attention',
				text: `${selected.label}: ${checkSummary(found)}`,
			});
		} catch (error) {
			say({tone: 'bad', text: `${signs.bad} ${messageOf(error)}`});
		} finally {
			setChecking(false);
			loaded.reload();
		}
	};

	const remove = async (label: string): Promise<void> => {
		try {
			const {plans} = await services.removeCredential(workspace, label);
			const used = plans.length === 0 ? '' : ` It was switched on in ${plans.join(', ')}.`;
			say({tone: 'good', text: `${signs.good} ${label} is removed.${used}`});
		} catch (error) {
			say({tone: 'bad', text: `${signs.bad} ${messageOf(error)}`});
		}

		loaded.reload();
	};

	return (
		<Screen
			status={list.position === '' ? plural(list.left, 'credential') : list.position}
			{...list.keysWith([
				{
					id: 'add',
					label: 'Add new',
					run: () => go({type: 'open', place: {screen: 'credential', workspace, repository}}),
				},
				{
					id: 'edit',
					run: () => {
						if (selected !== undefined) {
							go({type: 'open', place: {screen: 'credential', workspace, repository, label: selected.label}});
						}
					},
					unavailable: nothing,
				},
				{
					id: 'check',
					run: () => {
						check().catch(() => undefined);
					},
					unavailable: nothing ?? (isChecking ? 'Bitbucket is being asked.' : undefined),
				},
				{
					id: 'remove',
					run: () => {
						if (selected !== undefined) {
							ask({
								title: `Remove ${selected.label}?`,
								text:
									selected.plans.length === 0
										? 'No plan uses it. Its secret is removed from the vault.'
										: `These plans use it and go on without it: ${selected.plans.join(', ')}.`,
								confirm: 'Remove',
								onConfirm: () => {
									remove(selected.label).catch(() => undefined);
								},
							});
						}
					},
					unavailable:
						nothing ??
						(selected?.isPrimary === true
							? `The primary credential can only be changed: ${keyOf(keys.keyMap, 'edit')} Edit.`
							: undefined),
				},
			])}
		>
			{list.filterLine}
			<Reading
				loaded={loaded}
				what="the credentials"
				empty={`There is no credential yet: ${keyOf(keys.keyMap, 'add')} adds one.`}
			/>
			{list.left > 0 ? (
				<CredentialTable
					credentials={list.visible.map(({item}) => item)}
					selected={selected}
					width={size.columns - 2}
				/>
			) : null}
			{selected === undefined ? null : (
				<About
					credential={selected}
					isChecking={isChecking}
					width={size.columns - 3}
					// A line for each row and the line above it, the heading, and the last line.
					height={frame.body.rows - (2 * list.visible.length + 3) - list.filterRows}
				/>
			)}
		</Screen>
	);
}

/** Columns from the most to the least needed; what has no room is left out. */
const columnWidths: ReadonlyArray<readonly [keyof CredentialRow, number]> = [
	['Label', 18],
	['State', 18],
	['Used', 13],
	['Kind', 15],
	['Signs in as', 16],
	['Expires', 12],
];

const columnOrder: ReadonlyArray<keyof CredentialRow> = [
	'Label',
	'Kind',
	'Signs in as',
	'State',
	'Used',
	'Expires',
];

function CredentialTable({
	credentials,
	selected,
	width,
}: {
	readonly credentials: readonly CredentialSummary[];
	readonly selected: CredentialSummary | undefined;
	readonly width: number;
}): ReactNode {
	const {services, signs, display} = useShell();
	if (display.isScreenReader) {
		return credentials.map(credential => {
			const row = Object.values(credentialRow(credential, signs, services.now()));
			const mark = credential === selected ? `${signs.cursor} ` : '';
			return <Line key={credential.id}>{mark + row.filter(text => text !== signs.none).join(', ')}</Line>;
		});
	}

	// Each column costs its padding and a line beside it.
	let room = width - 1;
	const endsSoon = credentials.some(
		({expiresAt}) => (expiryOf(expiresAt, services.now())?.state ?? 'far') !== 'far',
	);
	const widths = new Map(
		[...columnWidths]
			// That one ends soon is more than how much it was used.
			.sort(([left], [right]) => (endsSoon ? rankAmongEnds(left) - rankAmongEnds(right) : 0))
			// The label is shortened rather than the state left out.
			.map(([name, needed]) => [name, name === 'Label' ? Math.min(needed, width - 25) : needed] as const)
			.filter(([, needed]) => {
				const fits = needed + 3 <= room;
				room -= fits ? needed + 3 : 0;
				return fits;
			}),
	);
	const columns = columnOrder.filter(column => widths.has(column));
	const rows = credentials.map(credential => {
		const row = credentialRow(credential, signs, services.now());
		const mark = credential === selected ? `${signs.cursor} ` : '  ';
		return {...row, Label: mark + row.Label};
	});
	return (
		<RowTable
			columns={columns.map(name => ({name, width: widths.get(name) ?? 0}))}
			rows={rows}
			tones={credentials.map(credential => credentialTones(credential, signs, services.now()))}
		/>
	);
}

/** Where one ends soon, its end comes right after who and how it is. */
function rankAmongEnds(column: keyof CredentialRow): number {
	return column === 'Label' || column === 'State' ? 0 : column === 'Expires' ? 1 : 2;
}

function About({
	credential,
	isChecking,
	width,
	height,
}: {
	readonly credential: CredentialSummary;
	readonly isChecking: boolean;
	readonly width: number;
	readonly height: number;
}): ReactNode {
	const {services, signs} = useShell();
	const {label, check, plans, sameAccountAs, expiresAt} = credential;
	const end = expiryText({label, expiresAt}, services.now());
	const {tone, sign} = expiryTone(expiryOf(expiresAt, services.now())?.state ?? 'far', signs);
	const missing = check?.missingScopes ?? [];
	const uses =
		plans.length === 0
			? `No plan uses ${label}.`
			: `${plural(plans.length, 'plan')} use${plans.length === 1 ? 's' : ''} ${label}: ${plans.join(', ')}`;
	// What is said of it may take what the other lines leave.
	const scopesRows = missing.length === 0 ? 0 : Math.max(1, Math.min(3, height - 5));
	const summaryRows = Math.max(
		1,
		height - scopesRows - 1 - (sameAccountAs === undefined ? 0 : 1) - (end === undefined ? 0 : 1),
	);
	return (
		<Box flexDirection="column" flexShrink={0}>
			{end === undefined ? null : <Line tone={tone}>{cut(`${sign} ${end}`, width)}</Line>}
			{isChecking ? (
				<Line>
					<Spinner /> asking Bitbucket {signs.ellipsis}
				</Line>
			) : (
				<Paragraph text={`${label}: ${checkSummary(check)}`} width={width} height={summaryRows} />
			)}
			{sameAccountAs === undefined ? null : (
				<Line tone="attention">{cut(`same account as ${sameAccountAs}: it adds no quota`, width)}</Line>
			)}
			{missing.length === 0 ? null : (
				<Paragraph
					tone="muted"
					text={`scopes to tick: ${missing.map(({scope}) => scope).join(', ')}`}
					width={width}
					height={scopesRows}
				/>
			)}
			<Line tone="muted">{cut(uses, width)}</Line>
		</Box>
	);
}
