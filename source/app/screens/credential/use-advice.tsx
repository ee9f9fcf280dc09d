import type {ReactNode} from 'react';
import type {CredentialKind} from '../../../model/credential-kind.ts';
import {TextLines} from '../../components/text-lines.tsx';
import type {Command} from '../../input/commands.ts';
import {useShell} from '../../shell.ts';
import {useRemembered} from '../../use-remembered.ts';
import {useScroll} from '../../use-scroll.ts';
import {adviceLines} from './advice-lines.ts';

export type Advice = {
	readonly isOpen: boolean;
	/** Opens it; while it is open, moves through it and closes it. */
	readonly commands: readonly Command[];
	readonly inner: {readonly close: () => void} | undefined;
	readonly position: string;
	readonly body: ReactNode;
};

/** How a credential of the chosen kind is made, over the form that it is entered in. */
export function useAdvice(kind: CredentialKind): Advice {
	const {size, frame} = useShell();
	const [isOpen, setOpen] = useRemembered('advice', false);
	const lines = adviceLines(kind, Math.min(100, size.columns - 3));
	const height = frame.body.rows;
	const scroll = useScroll('advice', lines.length, height);
	const close = (): void => setOpen(false);
	return {
		isOpen,
		commands: [
			...(isOpen ? scroll.commands : []),
			{id: 'scopes', label: isOpen ? 'form' : undefined, run: () => setOpen(!isOpen)},
		],
		inner: isOpen ? {close} : undefined,
		position: isOpen ? scroll.position : '',
		body: <TextLines lines={lines} first={scroll.first} height={height} />,
	};
}
