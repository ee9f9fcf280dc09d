import type {RunProblem} from './run-state-types.ts';

/** So many different problems are told apart: more nobody reads, and thousands of repositories may each have one of their own. */
const maximumProblems = 1000;

const furtherProblems = 'further problems, which the journal of the run holds';

/** What many repositories say in the same words stands there once, with how often it was said. */
export function withProblem(
	problems: readonly RunProblem[],
	at: string,
	where: string,
	text: string,
): readonly RunProblem[] {
	const found =
		problems.find(problem => problem.text === text) ??
		(problems.length < maximumProblems ? undefined : problems[maximumProblems]);
	if (found !== undefined) {
		return problems.map(problem => (problem === found ? {...problem, times: problem.times + 1} : problem));
	}

	const isTooMany = problems.length >= maximumProblems;
	return [...problems, {at, where, text: isTooMany ? furtherProblems : text, times: 1}];
}
