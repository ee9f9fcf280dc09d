import picomatch from 'picomatch';
import type {AccountPool} from '../accounts/pool-types.ts';
import {type Repository, RepositorySchema} from '../bitbucket/resources.ts';
import type {Plan} from '../model/plan.ts';

/** Whether a plan covers the repository of this slug: one of its globs includes it (all do, where it has none), none excludes it. */
export function covers(plan: Pick<Plan, 'include' | 'exclude'>, slug: string): boolean {
	const matches = (globs: readonly string[]): boolean => picomatch.isMatch(slug, [...globs], {dot: true});
	return (
		(plan.include.length === 0 || matches(plan.include)) &&
		!(plan.exclude.length > 0 && matches(plan.exclude))
	);
}

/**
The repositories of a workspace that a plan covers, each once, as Bitbucket describes them.

@throws RequestFailed
*/
export async function listCoveredRepositories(
	pool: AccountPool,
	workspace: string,
	plan: Pick<Plan, 'include' | 'exclude'>,
): Promise<readonly Repository[]> {
	const repositories = new Map<string, Repository>();
	const url = `/repositories/${encodeURIComponent(workspace)}?pagelen=100`;
	for await (const {elements} of pool.listPages({url, only: 'workspace'})) {
		for (const {value, raw} of elements) {
			const repository = RepositorySchema.safeParse(value);
			if (repository.success && covers(plan, repository.data.slug)) {
				// A copy: it must not keep the whole page in memory.
				repositories.set(repository.data.uuid, {...repository.data, raw: Buffer.from(raw)});
			}
		}
	}

	return [...repositories.values()];
}
