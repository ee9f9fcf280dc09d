import {realpathSync} from 'node:fs';
import {resolve} from 'node:path';
import {coverageOf} from '../backup/covered-repositories.ts';
import type {RetentionPolicies, RetentionSubject} from '../backup/retention/retain-after-backup.ts';
import type {Plan} from '../model/plan.ts';
import type {Home} from '../store/home.ts';
import type {StoreContents} from '../store/store.ts';

/** Folder that holds the mirrors of a plan. */
export function destinationOf(home: Home, {destination}: Pick<Plan, 'destination'>): string {
	return destination ?? home.backups;
}

/**
How long snapshots are kept in the destination of a plan. What several plans back up to the same place goes only where all of
them let it go: they share its snapshots, since one that finds nothing changed makes none of its own.
*/
export function retentionPolicies(home: Home, {plans}: StoreContents, plan: Plan): RetentionPolicies {
	const place = realPath(destinationOf(home, plan));
	const sharing = [
		plan,
		...plans.filter(
			other =>
				other.name !== plan.name &&
				other.organization === plan.organization &&
				realPath(destinationOf(home, other)) === place,
		),
	];
	return {
		of: subject =>
			sharing
				.filter(other => coversSubject(other, subject))
				.map(({name, keep}) => ({plan: name, rules: keep})),
		isKnownPlan: name => plans.some(other => other.name === name),
	};
}

/** Whether a plan backs something up. */
export function coversSubject(plan: Plan, {kind, name}: RetentionSubject): boolean {
	switch (kind) {
		case 'repository':
			return coverageOf(plan)(name);
		case 'workspace':
			return plan.data.includes('workspace');
		case 'snippet':
			return plan.data.includes('snippets');
	}
}

/** Two paths may lead to the same folder. */
function realPath(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return resolve(path);
	}
}
