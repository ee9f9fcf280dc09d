import type {ReactNode} from 'react';
import type {Restored} from '../../../actions/restored.ts';
import {FormView} from '../../components/form-view.tsx';
import {Line} from '../../components/line.tsx';
import {Paragraph} from '../../components/paragraph.tsx';
import {Screen} from '../../components/screen.tsx';
import {sentenceOf} from '../../input/screen-commands.ts';
import type {BackupPlace} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {wrapLines} from '../../text-lines.ts';
import {useForm} from '../../use-form.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useRemembered} from '../../use-remembered.ts';
import {useSaving} from '../../use-saving.ts';
import {useWork, type Work} from '../../use-work.ts';
import {TextScreen} from '../text-screen.tsx';
import {WorkScreen} from '../work-screen.tsx';
import {emptyRestoreEntry, restoreFields, restoreProblems, restoreQuestion} from './restore-entry.ts';
import {restoredLines} from './restored-lines.ts';
import {useRestoreTarget} from './use-restore-target.ts';

/** Lines below the form for what will happen, from so many lines of the body on. */
const linesBelow = 6;
const comfortableRows = 16;

/** A field, and what is said of it. */
const leastFormRows = 2;

type RestorePlace = BackupPlace & {readonly snapshot: string};

/** Gets a snapshot back: what is wanted, a question that says what will happen, how far it is, and what came of it. */
export function RestoreScreen(place: RestorePlace): ReactNode {
	const work = useWork<Restored>('restore');
	return work.now.state === 'done' ? (
		<RestoredScreen restored={work.now.result} />
	) : work.isRunning ? (
		<RestoringScreen place={place} work={work} />
	) : (
		<RestoreForm place={place} work={work} />
	);
}

function RestoreForm({
	place,
	work,
}: {
	readonly place: RestorePlace;
	readonly work: Work<Restored>;
}): ReactNode {
	const {services, size, frame, signs, ask, question} = useShell();
	const {backup, repository} = place;
	const hasGit = place.kind !== 'workspace';
	const [entry, setEntry] = useRemembered('entry', emptyRestoreEntry(place.snapshot, hasGit));
	const listed = useLoaded(`snapshots ${backup.plan} ${backup.folder}`, async signal =>
		services.snapshots(backup, signal),
	);
	const target = useRestoreTarget(backup.plan, entry);
	const saving = useSaving();
	const problems = restoreProblems(entry, target);
	const fields = restoreFields(entry, part => setEntry(before => ({...before, ...part})), {
		snapshots: listed.value?.snapshots ?? [],
		// As one types; that nothing was entered is no news before one tries.
		problem: entry.to.trim() === '' && !saving.hasTried ? undefined : problems['to'],
		target,
		hasGit,
	});
	const form = useForm('restore', fields);
	const width = size.columns - 2;
	const isComfortable = frame.body.rows >= comfortableRows;

	const begin = async (): Promise<void> => {
		// What was seen while it was typed may not be true any more.
		const seen = await services.restoreTarget({plan: backup.plan, ...entry});
		if (seen.problem !== undefined) {
			throw new Error(seen.problem);
		}

		ask({
			...restoreQuestion(entry, repository, seen, hasGit),
			onConfirm: () => {
				work.start((report, signal) => services.restore({...backup, ...entry}, report, signal));
			},
		});
	};

	const problem = saving.problem ?? (work.now.state === 'failed' ? work.now.problem : undefined);
	// What went wrong is read to its end, if need be with a single field above it.
	const problemRows =
		problem === undefined
			? 0
			: Math.min(
					frame.body.rows - leastFormRows,
					wrapLines([{text: `${signs.bad} ${problem}`}], width).length,
				);
	const willHappen =
		target === undefined || target.problem !== undefined || entry.to.trim() === ''
			? undefined
			: restoreQuestion(entry, repository, target, hasGit).text;
	return (
		<Screen
			isTyping={form.isTyping && !saving.isSaving}
			hasUnsavedChanges={JSON.stringify(entry) !== JSON.stringify(emptyRestoreEntry(place.snapshot, hasGit))}
			commands={[
				{
					...saving.command({form, fields, problems, work: begin}),
					label: 'Restore',
					description: sentenceOf('Restore', 'save'),
				},
				...form.commands,
			]}
		>
			<FormView
				fields={fields}
				focus={form.focus}
				width={width}
				height={
					frame.body.rows - (isComfortable ? Math.max(linesBelow, problemRows) : Math.max(1, problemRows))
				}
				isFrozen={question !== undefined}
			/>
			{problem !== undefined ? (
				<Paragraph text={`${signs.bad} ${problem}`} width={width} height={problemRows} tone="bad" />
			) : work.now.state === 'cancelled' ? (
				<Line tone="attention">{signs.attention} It was cancelled; nothing half done is left.</Line>
			) : isComfortable && willHappen !== undefined ? (
				<>
					<Line />
					<Paragraph text={willHappen} width={Math.min(100, width)} height={linesBelow - 1} tone="muted" />
				</>
			) : isComfortable ? null : (
				// The footer has no room for it there.
				<Line tone="muted">Ctrl-S says what will happen, and asks</Line>
			)}
		</Screen>
	);
}

function RestoringScreen({
	place,
	work,
}: {
	readonly place: RestorePlace;
	readonly work: Work<Restored>;
}): ReactNode {
	return (
		<WorkScreen
			status="restoring"
			what={`restoring ${place.repository}`}
			work={work}
			question={{
				title: 'Cancel the restore?',
				text: 'What was restored so far is taken away again; a push leaves the refs that were pushed.',
				confirm: 'Stop it',
			}}
		/>
	);
}

function RestoredScreen({restored}: {readonly restored: Restored}): ReactNode {
	const {size, signs} = useShell();
	const width = size.columns - 2;
	const lines = wrapLines(restoredLines(restored, signs), width);
	return (
		<TextScreen
			name="restored"
			lines={lines}
			width={width}
			status={restored.status === 'partial' ? 'partial' : 'restored'}
		/>
	);
}
