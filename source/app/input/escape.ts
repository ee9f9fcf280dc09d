/** What lies open, as far as Escape needs to know. */
export type EscapeSituation = {
	/** A question waits for its answer. */
	readonly isAsking: boolean;
	readonly help: 'closed' | 'open' | 'filtered';
	/** Something lies over the place itself: a filter, details, a part of its form. */
	readonly inner: 'none' | 'unchanged' | 'changed';
	/** Something was entered at the place and not saved. */
	readonly hasUnsavedChanges: boolean;
	/** There is no level below this one. */
	readonly isRoot: boolean;
};

export type EscapeStep =
	| 'answer-cancel'
	| 'clear-help-filter'
	| 'close-help'
	| 'ask-then-close-inner'
	| 'close-inner'
	| 'nothing'
	| 'ask-then-back'
	| 'back';

/**
What Escape does: it closes what was opened last, one thing at a time, then goes one level back. It asks before anything
that was entered is lost, and it never quits.
*/
export function escapeStep(situation: EscapeSituation): EscapeStep {
	const {isAsking, help, inner, hasUnsavedChanges, isRoot} = situation;
	const steps: ReadonlyArray<readonly [isNext: boolean, step: EscapeStep]> = [
		[isAsking, 'answer-cancel'],
		[help === 'filtered', 'clear-help-filter'],
		[help === 'open', 'close-help'],
		[inner === 'changed', 'ask-then-close-inner'],
		[inner === 'unchanged', 'close-inner'],
		[isRoot, 'nothing'],
		[hasUnsavedChanges, 'ask-then-back'],
	];
	return steps.find(([isNext]) => isNext)?.[1] ?? 'back';
}
