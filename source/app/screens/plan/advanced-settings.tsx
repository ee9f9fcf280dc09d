import type {ReactNode} from 'react';
import type {CredentialSummary} from '../../../actions/credentials.ts';
import {cut} from '../../cells.ts';
import type {FormField} from '../../components/form-field.ts';
import {FormView} from '../../components/form-view.tsx';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {shownProblems} from '../../components/shown-problems.ts';
import {useShell} from '../../shell.ts';
import {useForm} from '../../use-form.ts';
import type {Loaded} from '../../use-loaded.ts';
import {useRemembered} from '../../use-remembered.ts';
import {useSaving} from '../../use-saving.ts';
import {durationText, numberText} from '../../words.ts';
import {credentialState} from '../credentials/credential-texts.ts';
import {type AdvancedEntry, advancedProblems} from './plan-entry.ts';

/** The advanced settings of a plan: which additional credentials share its load, and how hard it works. */
export function AdvancedSettings({
	entry,
	credentials,
	onSave,
	hasPlanChanges,
	onBack,
}: {
	readonly entry: AdvancedEntry;
	readonly credentials: Loaded<readonly CredentialSummary[]>;
	readonly onSave: (entry: AdvancedEntry) => void;
	/** Something else of the plan was entered and not saved. */
	readonly hasPlanChanges: boolean;
	readonly onBack: () => void;
}): ReactNode {
	const {size, frame, signs, question} = useShell();
	const [draft, setDraft] = useRemembered('advanced entry', entry);
	const saving = useSaving();
	const {hasTried} = saving;
	const additional = (credentials.value ?? []).filter(({isPrimary}) => !isPrimary);
	const primary = (credentials.value ?? []).find(({isPrimary}) => isPrimary);
	const problems = advancedProblems(draft);
	const shown = shownProblems(problems, draft, hasTried);
	const change = (part: Partial<AdvancedEntry>): void => setDraft(before => ({...before, ...part}));

	const number = (
		name: 'reservePercent' | 'repositoriesAtOnce' | 'requestsPerSecond',
		label: string,
		hint: string,
	): FormField => ({
		kind: 'text',
		name,
		label,
		value: draft[name],
		onChange: value => change({[name]: value}),
		hint,
		problem: shown[name],
	});
	const fields: readonly FormField[] = [
		{
			kind: 'switch',
			name: 'enabled',
			label: 'Additional git credentials',
			value: draft.isEnabled,
			onChange: isEnabled => change({isEnabled}),
			note: draft.isEnabled
				? 'spread over the accounts that are on'
				: `all requests go through ${primary?.label ?? 'the primary credential'}`,
		},
		...(draft.isEnabled ? additional : []).map(
			(credential): FormField => ({
				kind: 'switch',
				name: credential.id,
				label: credential.label,
				isIndented: true,
				value: draft.credentials.includes(credential.id),
				onChange: isOn =>
					setDraft(before => ({
						...before,
						credentials: isOn
							? [...before.credentials, credential.id]
							: before.credentials.filter(id => id !== credential.id),
					})),
				note: credentialNote(credential, signs),
				hint: limitText(credential),
			}),
		),
		number(
			'reservePercent',
			'Reserve in percent',
			"left of each quota for the account's other tools; empty: as the organization says",
		),
		number('repositoriesAtOnce', 'Repositories at once', '1 to 64'),
		number('requestsPerSecond', 'Requests a second', 'the most that one account starts; smooths bursts'),
	];
	const form = useForm('advanced settings', fields);
	const hasChanged = JSON.stringify(draft) !== JSON.stringify(entry);
	const save = (): void => {
		setDraft(draft);
		onSave(draft);
	};

	const switchAll = (isOn: boolean): void => change({credentials: isOn ? additional.map(({id}) => id) : []});
	return (
		<Screen
			trail={['Advanced settings']}
			status={hasChanged ? `${signs.attention} changed` : ''}
			isTyping={form.isTyping}
			hasUnsavedChanges={hasPlanChanges}
			inner={{
				close: () => {
					// What was entered is forgotten here: it was dropped.
					setDraft(entry);
					onBack();
				},
				hasUnsavedChanges: hasChanged,
			}}
			commands={[
				saving.command({form, fields, problems, work: save}),
				...form.commands,
				...(draft.isEnabled && !form.isTyping
					? [
							{id: 'all' as const, run: () => switchAll(true)},
							{id: 'none' as const, run: () => switchAll(false)},
						]
					: []),
			]}
		>
			<FormView
				fields={fields}
				focus={form.focus}
				width={size.columns - 2}
				height={frame.body.rows - (additional.length === 0 ? 1 : 0)}
				isFrozen={question !== undefined}
			/>
			{draft.isEnabled && additional.length === 0 && credentials.value !== undefined ? (
				<Line tone="muted">
					{cut(
						'This organization has no additional credentials yet: DevOps, Edit, Additional credentials, Add new.',
						size.columns - 3,
					)}
				</Line>
			) : null}
		</Screen>
	);
}

function credentialNote(credential: CredentialSummary, signs: ReturnType<typeof useShell>['signs']): string {
	const {sameAccountAs, account} = credential;
	if (sameAccountAs !== undefined) {
		return `${signs.same} same account as ${sameAccountAs}: adds no quota`;
	}

	return [credentialState(credential, signs).text, account?.name]
		.filter(part => part !== undefined)
		.join(` ${signs.dot} `);
}

const hour = 3_600_000;

function limitText({limit: {requests, windowMilliseconds}, sameAccountAs}: CredentialSummary): string {
	const window = windowMilliseconds === hour ? 'an hour' : `in ${durationText(windowMilliseconds)}`;
	const whose = sameAccountAs === undefined ? '' : `, together with ${sameAccountAs}`;
	return `up to ${numberText(requests)} requests ${window}${whose}`;
}
