import type {ReactNode} from 'react';
import {Screen} from '../components/screen.tsx';
import type {Leaving} from '../components/screen-props.ts';
import {WorkView} from '../components/work-view.tsx';
import {useShell} from '../shell.ts';
import type {Work} from '../use-work.ts';

/**
A screen while something is under way at it. Escape and x ask before they cancel it, and no more; whoever leaves the place is asked the
same, and the way is free once all is cleared up.
*/
export function WorkScreen({
	status,
	what,
	work,
	question,
}: {
	/** `restoring` */
	readonly status: string;
	/** `restoring web-frontend` */
	readonly what: string;
	readonly work: Pick<Work<unknown>, 'now' | 'cancel'>;
	/** What is asked before it is cancelled. */
	readonly question: Omit<Leaving, 'prepare'>;
}): ReactNode {
	const {size, ask} = useShell();
	const {now} = work;
	const isCancelling = now.state === 'cancelling';
	const askToCancel = (): void =>
		ask({
			...question,
			onConfirm: () => {
				work.cancel().catch(() => undefined);
			},
		});
	return (
		<Screen
			status={isCancelling ? 'cancelling' : status}
			hasUnsavedChanges
			leaving={{...question, prepare: work.cancel}}
			inner={{close: askToCancel}}
			commands={[{id: 'cancel', run: askToCancel}]}
		>
			<WorkView
				what={isCancelling ? 'cancelling' : what}
				progress={now.state === 'running' ? now.progress : undefined}
				width={size.columns - 2}
			/>
		</Screen>
	);
}
