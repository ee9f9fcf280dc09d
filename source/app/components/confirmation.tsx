import {Box, Text} from 'ink';
import {type ReactNode, useState} from 'react';
import {cut} from '../cells.ts';
import {type Question, useShell} from '../shell.ts';
import {useKeys} from '../use-keys.ts';
import {Line} from './line.tsx';

/** Asks before something is lost. Cancel is in focus, and Escape means it too. */
export function Confirmation({question}: {readonly question: Question}): ReactNode {
	const {ask, size, signs} = useShell();
	const [isConfirming, setConfirming] = useState(false);
	const width = Math.min(64, size.columns - 4);

	useKeys('overlay', key => {
		const name = key.kind === 'key' ? key.name : '';
		if (['left', 'right', 'tab', 'shift-tab', 'h', 'l'].includes(name)) {
			setConfirming(before => !before);
		} else if (['escape', 'q', 'ctrl-c'].includes(name) || (name === 'enter' && !isConfirming)) {
			ask(undefined);
		} else if (name === 'enter') {
			ask(undefined);
			question.onConfirm();
		}

		return true;
	});

	const answer = (text: string, isFocused: boolean): ReactNode => (
		<Text inverse={isFocused}>
			{isFocused ? signs.cursor : ' '} {text}{' '}
		</Text>
	);
	return (
		<Box
			flexDirection="column"
			width={width}
			borderStyle={signs.border}
			paddingLeft={1}
			paddingRight={1}
			flexShrink={0}
		>
			<Line tone="title">{cut(question.title, width - 4)}</Line>
			<Box flexShrink={0}>
				<Text wrap="wrap">{cut(question.text, (width - 4) * 3)}</Text>
			</Box>
			<Line />
			<Line>
				{answer('Cancel', !isConfirming)}
				{'   '}
				{answer(question.confirm, isConfirming)}
			</Line>
			<Line tone="muted">{cut('arrows choose, Enter answers, Esc cancels', width - 4)}</Line>
		</Box>
	);
}
