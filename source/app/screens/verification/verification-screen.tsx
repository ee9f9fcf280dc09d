import type {ReactNode} from 'react';
import type {Verification} from '../../../actions/verify.ts';
import {cut} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Paragraph} from '../../components/paragraph.tsx';
import {Screen} from '../../components/screen.tsx';
import type {BackupPlace} from '../../navigation.ts';
import {useShell} from '../../shell.ts';
import {wrapLines} from '../../text-lines.ts';
import {useList} from '../../use-list.ts';
import {useWork, type Work} from '../../use-work.ts';
import {TextScreen} from '../text-screen.tsx';
import {WorkScreen} from '../work-screen.tsx';
import {verificationLines} from './verification-lines.ts';

const choices = [
	{
		repair: true,
		name: 'Verify, and repair',
		text: 'What is damaged is moved aside and fetched anew, from Bitbucket where it still has it.',
	},
	{
		repair: false,
		name: 'Only verify',
		text: 'What is damaged is said, and left as it is. Bitbucket is not asked.',
	},
] as const;

/** Reads a backup to its last byte: asks whether to repair, shows how far it is, then what was found. */
export function VerificationScreen(place: BackupPlace): ReactNode {
	const work = useWork<readonly Verification[]>('verification');
	return work.now.state === 'done' ? (
		<FoundScreen verifications={work.now.result} />
	) : work.isRunning ? (
		<VerifyingScreen place={place} work={work} />
	) : (
		<ChoiceScreen place={place} work={work} />
	);
}

type Part = {readonly place: BackupPlace; readonly work: Work<readonly Verification[]>};

function ChoiceScreen({place, work}: Part): ReactNode {
	const {services, size, signs, isReadOnly} = useShell();
	const list = useList('choice', choices, choices.length);
	const width = size.columns - 2;
	return (
		<Screen
			commands={[
				...list.commands,
				{
					id: 'start',
					run: () => {
						const repair = list.selected?.repair ?? false;
						work.start((report, signal) => services.verify(place.backup, repair, report, signal));
					},
				},
			]}
		>
			<Line tone="title">{cut(`Read every byte of the backup of ${place.repository}?`, width)}</Line>
			<Line />
			{list.visible.map(({item, index}) => (
				<Line key={item.name} tone={index === list.cursor ? 'selected' : 'plain'}>
					{index === list.cursor ? signs.cursor : ' '} {cut(item.name, width - 2)}
				</Line>
			))}
			<Line />
			{work.now.state === 'failed' ? (
				<Paragraph text={`${signs.bad} ${work.now.problem}`} width={width} tone="bad" />
			) : work.now.state === 'cancelled' ? (
				<Line tone="attention">{signs.attention} The verification was cancelled.</Line>
			) : null}
			<Paragraph
				text={isReadOnly ? 'This is read-only: nothing can be begun here.' : (list.selected?.text ?? '')}
				width={width}
				height={3}
				tone="muted"
			/>
		</Screen>
	);
}

function VerifyingScreen({place, work}: Part): ReactNode {
	return (
		<WorkScreen
			status="verifying"
			what={`verifying ${place.repository}`}
			work={work}
			question={{
				title: 'Cancel the verification?',
				text: 'Nothing of the backup is lost by that; what was verified so far does not count.',
				confirm: 'Stop it',
			}}
		/>
	);
}

function FoundScreen({verifications}: {readonly verifications: readonly Verification[]}): ReactNode {
	const {services, size, signs} = useShell();
	const width = size.columns - 2;
	const lines = wrapLines(verificationLines(verifications, signs, services.now()), width);
	return <TextScreen name="findings" lines={lines} width={width} />;
}
