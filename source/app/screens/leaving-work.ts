import type {Leaving} from '../components/screen.tsx';
import type {Question} from '../shell.ts';
import type {Work} from '../use-work.ts';

/** What is asked before a place is left at which something is under way: it is cancelled first, and has cleared up. */
export function leavingWork(
	work: Pick<Work<unknown>, 'cancel'>,
	question: Omit<Leaving, 'prepare'>,
): Leaving {
	return {...question, prepare: work.cancel};
}

/** The same question where one stays: Escape and x cancel what is under way, and no more. */
export function cancelCommand({prepare, ...question}: Leaving): Question {
	return {
		...question,
		onConfirm: () => {
			prepare().catch(() => undefined);
		},
	};
}
