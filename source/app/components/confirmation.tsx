import {Box, Text} from 'ink';
import {type ReactNode, useState} from 'react';
import {cut, wrapped} from '../cells.ts';
import {type Command, commandForKey} from '../input/commands.ts';
import {type Question, useShell} from '../shell.ts';
import {useKeys} from '../use-keys.ts';
import {Line} from './line.tsx';
import {Paragraph} from './paragraph.tsx';

/** Both borders, the title, and the answers with an empty line above them. */
const otherLines = 5;

/** Asks before something is lost. Cancel is in focus, and Escape means it too. */
export function Confirmation({
	question,
	onEscape,
}: {
	readonly question: Question;
	readonly onEscape: () => void;
}): ReactNode {
	const {ask, size, frame, signs, keys} = useShell();
	const [isConfirming, setConfirming] = useState(false);
	const width = Math.min(64, size.columns - 4);
	// What is asked goes before how to answer it.
	const room = Math.max(1, frame.body.rows - otherLines);
	const hasHint = wrapped(question.text, width - 4).length < room;

	useKeys('overlay', key => {
		const commands: readonly Command[] = [
			{id: 'chooseAnswer', run: () => setConfirming(before => !before)},
			{
				id: 'answer',
				run: () => {
					if (isConfirming) {
						ask(undefined);
						question.onConfirm();
					} else {
						onEscape();
					}
				},
			},
			{id: 'back', run: onEscape},
			// Who wants to quit does not want what is asked.
			{id: 'quit', run: onEscape},
		];
		commandForKey(commands, key.kind === 'key' ? key.name : '', false, keys.keyMap)?.run();
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
			<Paragraph text={question.text} width={width - 4} height={room} />
			<Line />
			<Line>
				{answer('Cancel', !isConfirming)}
				{'   '}
				{answer(question.confirm, isConfirming)}
			</Line>
			{hasHint ? (
				<Line tone="muted">{cut('arrows choose, Enter answers, Esc cancels', width - 4)}</Line>
			) : null}
		</Box>
	);
}
