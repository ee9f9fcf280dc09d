import {Text} from 'ink';
import {type ReactNode, useState} from 'react';
import {fit} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {Spinner} from '../../components/spinner.tsx';
import {TextLines} from '../../components/text-lines.tsx';
import {keyOf} from '../../input/commands.ts';
import {messageOf} from '../../message-of.ts';
import {useShell} from '../../shell.ts';
import {lookOf, type Signs, type Tone} from '../../theme.ts';
import {useScroll} from '../../use-scroll.ts';
import {Reading} from '../reading.tsx';
import type {FirstStep} from './first-steps.ts';
import {stepLines} from './step-lines.ts';
import {useFirstSteps} from './use-first-steps.ts';

/** Longer lines are hard to read. */
const mostColumns = 100;

/** From an empty store to the first backup, by the hand: what is done, what is next and why, and what comes then. */
export function FirstStepsScreen(): ReactNode {
	const {services, size, frame, signs, go, say, keys, isReadOnly} = useShell();
	const [isStarting, setStarting] = useState(false);
	const {steps, next, organization, plan, isReady, loaded, skip} = useFirstSteps();
	const width = Math.min(mostColumns, size.columns - 3);
	// On the smallest screen the steps that are not next have no room.
	const isSmall = frame.body.rows < 12;
	const shown = isSmall ? steps.filter(({state}) => state === 'next') : steps;
	const lines = stepLines(next?.name, plan ?? '', width);
	const height = Math.max(1, frame.body.rows - shown.length - 3);
	const scroll = useScroll(`first steps ${next?.name ?? 'over'}`, lines.length, height);

	const startRun = async (name: string): Promise<void> => {
		setStarting(true);
		try {
			const run = await services.startRun(name);
			// Nothing is left to do here.
			go({type: 'back'});
			go({type: 'open', place: {screen: 'run', run}});
		} catch (error) {
			say({tone: 'bad', text: `${signs.bad} ${messageOf(error)}`});
		} finally {
			setStarting(false);
		}
	};

	const addCredential = (): void => {
		if (organization !== undefined) {
			go({type: 'open', place: {screen: 'credential', workspace: organization, repository: ''}});
		}
	};

	const begin = (): void => {
		if (next?.name === 'organization') {
			go({type: 'open', place: {screen: 'add-organization'}});
		} else if (next?.name === 'credentials') {
			addCredential();
		} else if (next?.name === 'plan') {
			go({type: 'open', place: {screen: 'plan'}});
		} else if (next?.name === 'run' && plan !== undefined) {
			startRun(plan).catch(() => undefined);
		} else {
			go({type: 'back'});
		}
	};

	return (
		<Screen
			status={scroll.position}
			commands={[
				...scroll.commands,
				{
					id: 'begin',
					label: beginLabel(next),
					run: begin,
					unavailable: isReady
						? isStarting
							? 'The run is being started.'
							: undefined
						: 'It is still being read.',
				},
				...(next?.name === 'credentials' ? [{id: 'skip' as const, run: skip}] : []),
				...(next?.name === 'plan'
					? [{id: 'add' as const, label: 'another credential', run: addCredential}]
					: []),
			]}
		>
			{isReady ? (
				<>
					<Line tone="title">{isSmall ? 'To the first backup' : 'Four steps to the first backup'}</Line>
					{shown.map(step => (
						<StepLine key={step.name} step={step} number={steps.indexOf(step) + 1} signs={signs} />
					))}
					<Line />
					<TextLines lines={lines} first={scroll.first} height={height} />
					{isStarting ? (
						<Line>
							<Spinner /> starting the run {signs.ellipsis}
						</Line>
					) : (
						<Line tone="accent">
							{nextText(next, isReadOnly, keyOf(keys.keyMap, 'begin'), scroll.position !== '')}
						</Line>
					)}
				</>
			) : (
				<Reading loaded={loaded} what="what there is" empty="" />
			)}
		</Screen>
	);
}

function StepLine({
	step,
	number,
	signs,
}: {
	readonly step: FirstStep;
	readonly number: number;
	readonly signs: Signs;
}): ReactNode {
	const looks: Readonly<Record<FirstStep['state'], readonly [Tone, string]>> = {
		done: ['good', signs.good],
		'left out': ['muted', signs.none],
		next: ['selected', signs.cursor],
		later: ['muted', signs.waiting],
	};
	const [tone, sign] = looks[step.state];
	const optional = step.name === 'credentials' && step.state !== 'done' && step.state !== 'left out';
	return (
		<Line tone={step.state === 'next' ? 'selected' : 'plain'}>
			<Text {...lookOf(tone)}>{fit(sign, 1)}</Text> {number} {fit(step.title, 25)}{' '}
			<Text {...lookOf(tone)}>{optional ? `${step.state}, may be left out` : step.state}</Text>
		</Line>
	);
}

function beginLabel(next: FirstStep | undefined): string {
	const labels = {
		organization: 'connect',
		credentials: 'add one',
		plan: 'make the plan',
		run: 'run it',
	} as const;
	return next === undefined ? 'to DevOps' : labels[next.name];
}

function nextText(next: FirstStep | undefined, isReadOnly: boolean, key: string, hasMore: boolean): string {
	if (isReadOnly) {
		return 'Read-only: start without --read-only to go on.';
	}

	return `${key}: ${beginLabel(next)}${hasMore ? '; the arrows read on' : ''}`;
}
