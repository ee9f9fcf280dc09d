import {Text} from 'ink';
import {type ReactNode, useState} from 'react';
import type {FormField} from '../../components/form-field.ts';
import {FormView} from '../../components/form-view.tsx';
import {Line} from '../../components/line.tsx';
import {Paragraph} from '../../components/paragraph.tsx';
import {Screen} from '../../components/screen.tsx';
import {Spinner} from '../../components/spinner.tsx';
import {messageOf} from '../../message-of.ts';
import {useShell} from '../../shell.ts';

/** Asks for the passphrase of the vault's key, before anything else; without it the app is left. */
export function PassphraseScreen(): ReactNode {
	const {services, size, frame, signs, go, question, quit} = useShell();
	// Not remembered anywhere but here.
	const [passphrase, setPassphrase] = useState('');
	const [isOpening, setOpening] = useState(false);
	const [problem, setProblem] = useState<string | undefined>();
	const width = size.columns - 2;

	const unlock = async (): Promise<void> => {
		setOpening(true);
		setProblem(undefined);
		try {
			await services.unlock(passphrase);
			go({type: 'back'});
		} catch (error) {
			setPassphrase('');
			setProblem(messageOf(error));
			setOpening(false);
		}
	};

	const field: FormField = {
		kind: 'secret',
		name: 'passphrase',
		label: 'Passphrase',
		value: passphrase,
		onChange: setPassphrase,
		hint: "it opens the key of the vault, which holds the credentials' secrets",
	};
	return (
		<Screen
			isTyping
			inner={{close: quit, closing: 'quit'}}
			commands={[
				{
					id: 'unlock',
					run: () => {
						unlock().catch(() => undefined);
					},
					unavailable: isOpening
						? 'It is being tried.'
						: passphrase === ''
							? 'Type the passphrase first.'
							: undefined,
				},
			]}
		>
			{frame.body.rows >= 8 ? (
				<>
					<Line tone="title">The vault is locked with a passphrase</Line>
					<Line />
				</>
			) : null}
			<FormView
				fields={[field]}
				focus={0}
				width={width}
				height={4}
				isFrozen={isOpening || question !== undefined}
			/>
			{isOpening ? (
				<Line>
					<Spinner /> <Text>opening the vault {signs.ellipsis}</Text>
				</Line>
			) : problem === undefined ? null : (
				<Paragraph text={`${signs.bad} ${problem}`} width={width} height={4} tone="bad" />
			)}
		</Screen>
	);
}
