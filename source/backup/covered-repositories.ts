import picomatch from 'picomatch';
import type {Plan} from '../model/plan.ts';

/**
Which repositories a plan covers, by their slugs: one of its globs includes it (all do, where it has none), none excludes it. For
many repositories the globs are read once.
*/
export function coverageOf({include, exclude}: Pick<Plan, 'include' | 'exclude'>): (slug: string) => boolean {
	const isIncluded = include.length === 0 ? () => true : picomatch([...include], {dot: true});
	const isExcluded = exclude.length === 0 ? () => false : picomatch([...exclude], {dot: true});
	return slug => isIncluded(slug) && !isExcluded(slug);
}
