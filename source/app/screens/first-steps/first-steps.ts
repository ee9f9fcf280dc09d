/** What there is already, as far as the way to the first backup goes. */
export type Beginnings = {
	readonly organizations: number;
	readonly additionalCredentials: number;
	readonly plans: number;
	readonly runs: number;
	/** It was decided to do without additional credentials for now. */
	readonly isSkipped: boolean;
};

export const firstStepNames = ['organization', 'credentials', 'plan', 'run'] as const;
export type FirstStepName = (typeof firstStepNames)[number];

export type FirstStep = {
	readonly name: FirstStepName;
	readonly title: string;
	readonly state: 'done' | 'left out' | 'next' | 'later';
};

const titles: Readonly<Record<FirstStepName, string>> = {
	organization: 'Connect an organization',
	credentials: 'Additional credentials',
	plan: 'The first plan',
	run: 'The first run',
};

/** The four steps to the first backup. What is done follows from what there is, so that leaving them loses nothing. */
export function firstSteps(beginnings: Beginnings): readonly FirstStep[] {
	const {organizations, additionalCredentials, plans, runs, isSkipped} = beginnings;
	const done: Readonly<Record<FirstStepName, boolean>> = {
		organization: organizations > 0,
		credentials: additionalCredentials > 0,
		plan: plans > 0,
		run: runs > 0,
	};
	// Who has a plan without additional credentials has decided.
	const isLeftOut = !done.credentials && (isSkipped || plans > 0 || runs > 0);
	let hasNext = false;
	return firstStepNames.map(name => {
		const isOver = done[name] || (name === 'credentials' && isLeftOut);
		const isNext = !isOver && !hasNext;
		hasNext ||= isNext;
		const over = done[name] ? ('done' as const) : ('left out' as const);
		return {name, title: titles[name], state: isOver ? over : isNext ? 'next' : 'later'};
	});
}

/** The step to do now; undefined when the first run was made. */
export function nextStep(steps: readonly FirstStep[]): FirstStep | undefined {
	return steps.find(({state}) => state === 'next');
}

/** Where one is on the way, and what comes then: `step 1 of 4, then additional credentials`. */
export function stepText(steps: readonly FirstStep[]): string {
	const index = steps.findIndex(({state}) => state === 'next');
	if (index < 0) {
		return '';
	}

	const then = steps.slice(index + 1).find(({state}) => state === 'later');
	const what =
		then === undefined ? '' : `, then ${then.title.slice(0, 1).toLowerCase()}${then.title.slice(1)}`;
	return `step ${index + 1} of ${steps.length}${what}`;
}
