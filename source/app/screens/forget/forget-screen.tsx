import type {ReactNode} from 'react';
import type {ForgottenMirror} from '../../../actions/forget.ts';
import {formatKeep} from '../../../actions/keep-text.ts';
import {Paragraph} from '../../components/paragraph.tsx';
import {Screen} from '../../components/screen.tsx';
import {SearchedText} from '../../components/searched-text.tsx';
import {TextWindow} from '../../components/text-window.tsx';
import type {Command} from '../../input/commands.ts';
import {messageOf} from '../../message-of.ts';
import type {BackupPlace} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {wrapLines} from '../../text-lines.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useText} from '../../use-text.ts';
import {useWork, type Work} from '../../use-work.ts';
import {plural} from '../../words.ts';
import {BackupReading} from '../backup-reading.tsx';
import {WorkScreen} from '../work-screen.tsx';
import {forgottenLines, frozenLine} from './forget-lines.ts';

type Part = {readonly place: BackupPlace; readonly work: Work<ForgottenMirror>};

/** Old snapshots by the plan's rules: what would stay and why, what would go; once confirmed, what went. */
export function ForgetScreen(place: BackupPlace): ReactNode {
	const work = useWork<ForgottenMirror>('forget');
	return work.isRunning ? (
		<ForgettingScreen place={place} work={work} />
	) : (
		<PreviewScreen place={place} work={work} />
	);
}

function PreviewScreen({place: {backup, repository}, work}: Part): ReactNode {
	const {services, size, frame, signs, go, say, ask} = useShell();
	const plans = useLoaded('plans', async () => services.plans());
	const plan = plans.value?.find(({name}) => name === backup.plan)?.plan;
	const rules = plan === undefined ? undefined : formatKeep(plan.keep);
	const preview = useLoaded(`forget ${backup.plan} ${backup.folder} ${rules ?? ''}`, async signal =>
		rules === undefined || rules === '' ? undefined : services.inspectForget(backup, signal),
	);
	// Frozen it may be whatever the rules are.
	const listed = useLoaded(`snapshots ${backup.plan} ${backup.folder}`, async signal =>
		services.snapshots(backup, signal),
	);
	const done = work.now.state === 'done' ? work.now.result : undefined;
	// What was seen before may not be what would go now: it is looked at anew before anybody acts on it.
	const seen = preview.isLoading ? undefined : preview.value;
	const shown = done ?? seen;
	const width = size.columns - 2;
	const lines =
		shown === undefined
			? []
			: wrapLines(
					forgottenLines(shown, {rules: rules ?? '', isDone: done !== undefined, signs, width}),
					width,
				);
	const text = useText('forget', lines, frame.body.rows);
	const view = seen?.view;
	const frozen = rules === '' ? listed.value?.frozen : view?.frozen;
	const going = view?.remove.length ?? 0;
	const staying = view?.keep.length ?? 0;

	const accept = async (): Promise<void> => {
		try {
			const reason = await services.acceptChange(backup);
			say({
				tone: 'good',
				text: `${signs.good} Accepted: ${reason}. The rules hold for ${repository} again; nothing was removed yet.`,
			});
		} catch (error) {
			say({tone: 'bad', text: `${signs.bad} ${messageOf(error)}`});
		}

		preview.reload();
		listed.reload();
	};

	const commands: readonly Command[] = [
		{
			id: 'remove',
			label: 'Forget',
			run: () => {
				ask({
					title: `Forget ${plural(going, 'snapshot')}?`,
					text: `They are removed for good, and what only they needed: nothing brings them back. Of ${repository} ${plural(staying, 'snapshot')} ${staying === 1 ? 'stays' : 'stay'}.`,
					confirm: 'Forget them',
					onConfirm: () => {
						work.start((_report, signal) => services.forget(backup, signal));
					},
				});
			},
			unavailable: whyNothing(shown, going),
		},
		...(frozen === undefined
			? []
			: [
					{
						id: 'acceptChange' as const,
						run: () => {
							ask({
								title: 'Accept the change?',
								text: `${frozen.reason}. From now on the rules hold again, also for what was lost upstream. Nothing is removed yet.`,
								confirm: 'Accept',
								onConfirm: () => {
									accept().catch(() => undefined);
								},
							});
						},
					},
				]),
	];

	return (
		<Screen
			{...text.screen}
			commands={text.commandsWith([
				...(done === undefined ? commands : []),
				{
					id: 'edit',
					label: 'Edit plan',
					run: () => go({type: 'open', place: {screen: 'plan', name: backup.plan}}),
				},
			])}
		>
			{done !== undefined ? null : rules === '' ? (
				<TextWindow
					lines={wrapLines(
						[
							{text: keepsAll(backup.plan), tone: 'muted'},
							...(frozen === undefined ? [] : [{text: ''}, frozenLine(frozen, signs)]),
						],
						width,
					)}
					first={0}
					height={frame.body.rows}
					width={width}
				/>
			) : (
				<BackupReading
					loaded={plans.problem === undefined ? {value: seen, problem: preview.problem} : plans}
					what="what would stay and what would go"
				/>
			)}
			{work.now.state === 'failed' ? (
				<Paragraph text={`${signs.bad} ${work.now.problem}`} width={width} height={3} tone="bad" />
			) : null}
			<SearchedText text={text} width={width} />
		</Screen>
	);
}

function keepsAll(plan: string): string {
	return `The plan ${plan} keeps every snapshot: nothing is removed. Its field Keep says what stays, for example daily=7,weekly=8: e edits it.`;
}

function whyNothing(shown: ForgottenMirror | undefined, going: number): string | undefined {
	if (shown?.view === undefined) {
		return 'There is nothing to remove yet.';
	}

	if (shown.view.frozen !== undefined) {
		return 'It is frozen: nothing is removed until the change is accepted.';
	}

	return going === 0 ? 'The rules let nothing go.' : undefined;
}

function ForgettingScreen({place, work}: Part): ReactNode {
	return (
		<WorkScreen
			status="removing"
			what={`removing old snapshots of ${place.repository}`}
			work={work}
			question={{
				title: 'Cancel it?',
				text: 'What is removed stays removed; every other snapshot is whole, and the next time goes on from there.',
				confirm: 'Stop it',
			}}
		/>
	);
}
