import {isDeepStrictEqual} from 'node:util';
import {Text} from 'ink';
import {type ReactNode, useEffect} from 'react';
import {ChangedMeanwhile} from '../../../actions/changed-meanwhile.ts';
import type {Plan} from '../../../model/plan.ts';
import {cut} from '../../cells.ts';
import type {FormField} from '../../components/form-field.ts';
import {FormView} from '../../components/form-view.tsx';
import {Line} from '../../components/line.tsx';
import {Paragraph} from '../../components/paragraph.tsx';
import {Screen} from '../../components/screen.tsx';
import {shownProblems} from '../../components/shown-problems.ts';
import {Spinner} from '../../components/spinner.tsx';
import {keyOf} from '../../input/commands.ts';
import {useShell} from '../../shell.ts';
import {lookOf} from '../../theme.ts';
import {useForm} from '../../use-form.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useRemembered} from '../../use-remembered.ts';
import {useSaving} from '../../use-saving.ts';
import {plural} from '../../words.ts';
import {useStepText} from '../first-steps/use-first-steps.ts';
import {AdvancedSettings} from './advanced-settings.tsx';
import {destinationText} from './destination-text.ts';
import {ForecastPart, forecastLines} from './forecast-part.tsx';
import {
	draftOfEntry,
	emptyPlanEntry,
	entryOfPlan,
	firstPlanEntry,
	type PlanEntry,
	planOfEntry,
	planProblems,
	planToForetell,
} from './plan-entry.ts';
import {scheduleHint} from './schedule-hint.ts';

/** Lines of the body from which on there is room for the forecast below the form. */
const roomForForecast = 18;

/** Adds a plan or edits one. Its advanced settings are a part of it: they are saved with the plan's own Save. */
export function PlanScreen({name}: {readonly name?: string}): ReactNode {
	const {services, size, frame, signs, go, say, question, keys, cache} = useShell();
	const stepText = useStepText();
	const isEditing = name !== undefined;
	const plans = useLoaded('plans', async () => services.plans());
	const organizations = useLoaded('organizations', async () => services.organizations());
	const original = plans.value?.find(plan => plan.name === name)?.plan;
	const [entry, setEntry] = useRemembered<PlanEntry | undefined>(
		'entry',
		isEditing ? undefined : emptyPlanEntry,
	);
	/** The plan that the entry began with: others may change it meanwhile. */
	const [opened, setOpened] = useRemembered<Plan | undefined>('opened', undefined);
	const [isPrefilled, setPrefilled] = useRemembered('prefilled', false);
	const [isAdvanced, setAdvanced] = useRemembered('advanced', false);
	const saving = useSaving();
	const {hasTried, isSaving, problem} = saving;
	const names = (organizations.value ?? []).map(({workspace}) => workspace);

	useEffect(() => {
		const isUntouched =
			entry === undefined || (opened !== undefined && isDeepStrictEqual(entry, entryOfPlan(opened)));
		if (original !== undefined && isUntouched && !isDeepStrictEqual(opened, original)) {
			setOpened(original);
			setEntry(entryOfPlan(original));
		} else if (entry !== undefined && entry.organization === '' && names[0] !== undefined) {
			const [organization] = names;
			// What was typed meanwhile stays.
			setEntry(before => ({...(before ?? entry), organization}));
		}
	});

	const shown = entry ?? emptyPlanEntry;
	const credentials = useLoaded(`credentials ${shown.organization}`, async () =>
		shown.organization === '' ? [] : services.credentials(shown.organization),
	);
	const isFirst = !isEditing && stepText !== '';
	useEffect(() => {
		if (isFirst && !isPrefilled && shown.organization !== '' && !credentials.isLoading) {
			setPrefilled(true);
			setEntry(firstPlanEntry(shown, credentials.value ?? []));
		}
	});
	const destination = useLoaded(`destination ${shown.destination.trim()}`, async () =>
		services.checkDestination(shown.destination),
	);
	const aboutDestination = destinationText(shown.destination, destination.value);
	const problems = planProblems(shown);
	const seen = shownProblems(problems, shown, hasTried);
	// What is typed into a form that is not there yet has nothing to change.
	const change = (part: Partial<PlanEntry>): void =>
		setEntry(before => (isEditing && before === undefined ? before : {...(before ?? shown), ...part}));
	const text = (
		field: Exclude<keyof PlanEntry, 'advanced' | 'organization'>,
		label: string,
		hint: string,
	): FormField => ({
		kind: 'text',
		name: field,
		label,
		value: shown[field],
		onChange: value => change({[field]: value}),
		hint,
		problem: seen[field],
	});
	const fields: readonly FormField[] = [
		text('name', 'Name', 'for example nightly'),
		{
			kind: 'choice',
			name: 'organization',
			label: 'Organization',
			value: shown.organization,
			options: names.map(workspace => ({value: workspace, label: workspace})),
			onChange: organization => change({organization, advanced: {...shown.advanced, credentials: []}}),
			hint: 'arrows choose; the switches of its credentials are in the advanced settings',
			problem: seen['organization'],
		},
		text('include', 'Repositories', 'globs such as web-* separated by blanks; empty means all'),
		text('exclude', 'But not', 'globs such as archived-*'),
		text(
			'data',
			'Data',
			'git lfs pull-requests settings downloads workspace snippets; further: pipelines statuses',
		),
		text('schedule', 'Schedule', scheduleHint(shown.schedule, services.now())),
		text('keep', 'Keep', 'for example daily=7,weekly=8,monthly=24; empty keeps every snapshot'),
		{
			...text('destination', 'Destination', aboutDestination.text),
			problem: aboutDestination.isProblem ? aboutDestination.text : undefined,
		},
		{
			kind: 'section',
			name: 'advanced',
			label: 'Advanced settings',
			text: advancedText(shown, (credentials.value ?? []).filter(({isPrimary}) => !isPrimary).length),
			onOpen: () => setAdvanced(true),
			hint: 'Additional git credentials: which accounts share the load',
		},
	];
	const form = useForm('plan', fields);
	const empty = isPrefilled ? firstPlanEntry(emptyPlanEntry, credentials.value ?? []) : emptyPlanEntry;
	const start = opened === undefined ? empty : entryOfPlan(opened);
	const hasChanged =
		JSON.stringify({...shown, organization: isEditing ? shown.organization : ''}) !== JSON.stringify(start);

	const save = async (): Promise<void> => {
		const plan = isEditing
			? await services.editPlan(name, planOfEntry(shown), opened).catch((error: unknown) => {
					if (error instanceof ChangedMeanwhile) {
						// Told of it, one may well save again.
						setOpened(error.current as Plan);
					}

					throw error;
				})
			: await services.addPlan(draftOfEntry(shown));
		say({
			tone: 'good',
			text: `${signs.good} The plan ${plan.name} is saved. ${keyOf(keys.keyMap, isFirst ? 'begin' : 'run')} runs it now.`,
		});
		go({type: 'back'});
		if (isFirst) {
			// Read anew, so that what comes next sees it.
			cache.delete('plans');
			go({type: 'open', place: {screen: 'first-steps'}});
		}
	};

	if (isAdvanced) {
		return (
			<AdvancedSettings
				entry={shown.advanced}
				credentials={credentials}
				onSave={advanced => {
					setEntry({...shown, advanced});
					setAdvanced(false);
					say({
						tone: 'attention',
						text: `${signs.attention} Taken over. The plan itself is not saved yet: ${keyOf(keys.keyMap, 'save')} saves it.`,
					});
				}}
				hasPlanChanges={hasChanged}
				onBack={() => setAdvanced(false)}
			/>
		);
	}

	// What keeps it from being saved is more important.
	const hasForecast =
		original !== undefined &&
		entry !== undefined &&
		problem === undefined &&
		frame.body.rows >= roomForForecast;
	return (
		<Screen
			status={hasChanged ? `${signs.attention} changed, not saved` : isFirst ? stepText : ''}
			isTyping={form.isTyping && !isSaving}
			hasUnsavedChanges={hasChanged && !isSaving}
			commands={[saving.command({form, fields, problems, work: save}), ...form.commands]}
		>
			{entry === undefined ? (
				<Line>
					<Spinner /> reading the plan {signs.ellipsis}
				</Line>
			) : (
				<FormView
					fields={fields}
					focus={form.focus}
					width={size.columns - 2}
					height={frame.body.rows - (hasForecast ? forecastLines : problem === undefined ? 0 : 3)}
					isFrozen={isSaving || question !== undefined}
				/>
			)}
			{hasForecast && original !== undefined ? (
				<ForecastPart {...planToForetell(original, shown)} width={size.columns - 2} />
			) : null}
			{problem === undefined ? null : (
				<Paragraph text={`${signs.bad} ${problem}`} width={size.columns - 2} tone="bad" />
			)}
			{plans.problem === undefined ? null : (
				<Line tone="bad">
					<Text {...lookOf('bad')}>{cut(plans.problem, size.columns - 3)}</Text>
				</Line>
			)}
		</Screen>
	);
}

function advancedText({advanced}: PlanEntry, known: number): string {
	const load = advanced.isEnabled
		? `${plural(advanced.credentials.length, 'credential')} of ${known} switched on`
		: 'additional credentials off';
	return `${load}, ${advanced.repositoriesAtOnce} repositories at once`;
}
