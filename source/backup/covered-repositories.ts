import picomatch from 'picomatch';
import type {Plan} from '../model/plan.ts';

type Globs = Pick<Plan, 'include' | 'exclude'>;

/** Whether a plan covers the repository of this slug: one of its globs includes it (all do, where it has none), none excludes it. */
export function covers(plan: Globs, slug: string): boolean {
	return coverageOf(plan)(slug);
}

/** The same for many repositories: the plan's globs are read once. */
export function coverageOf({include, exclude}: Globs): (slug: string) => boolean {
	const isIncluded = include.length === 0 ? () => true : picomatch([...include], {dot: true});
	const isExcluded = exclude.length === 0 ? () => false : picomatch([...exclude], {dot: true});
	return slug => isIncluded(slug) && !isExcluded(slug);
}
