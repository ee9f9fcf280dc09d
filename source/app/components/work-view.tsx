import {Text, useAnimation} from 'ink';
import {type ReactNode, useState} from 'react';
import type {WorkProgress} from '../backup-services.ts';
import {cut} from '../cells.ts';
import {useShell} from '../shell.ts';
import {lookOf} from '../theme.ts';
import {bytesText, durationText, numberText} from '../words.ts';
import {Line} from './line.tsx';
import {progressBar} from './progress-bar.ts';
import {Spinner} from './spinner.tsx';

/** What is under way: what it is, how far it is, and since when. */
export function WorkView({
	what,
	progress,
	width,
}: {
	/** `restoring web-frontend to /tmp/web-frontend.git` */
	readonly what: string;
	readonly progress: WorkProgress | undefined;
	readonly width: number;
}): ReactNode {
	const {services, signs} = useShell();
	const [startedAt] = useState(() => services.now());
	useAnimation({interval: 1000});
	return (
		<>
			<Line>
				<Spinner /> {cut(`${what} ${signs.ellipsis}`, width - 2)}
			</Line>
			<Line>
				{'  '}
				{progress === undefined ? '' : cut(progressText(progress, width - 2, signs), width - 2)}
			</Line>
			<Line tone="muted">
				{'  '}
				<Text {...lookOf('muted')}>for {durationText(services.now() - startedAt)}</Text>
			</Line>
		</>
	);
}

function progressText(
	{stage, done, total, unit}: WorkProgress,
	width: number,
	signs: Parameters<typeof progressBar>[3],
): string {
	const amount = (count: number): string => (unit === 'bytes' ? bytesText(count) : numberText(count));
	const counted = unit === 'bytes' || unit === stage ? '' : ` ${unit}`;
	if (total <= 0) {
		return done > 0 ? `${stage}  ${amount(done)}${counted}` : stage;
	}

	const text = `${amount(done)} of ${amount(total)}${counted}`;
	const room = Math.min(40, width - stage.length - text.length - 6);
	return room < 6 ? `${stage}  ${text}` : `${stage}  ${progressBar(done, total, room, signs)}  ${text}`;
}
