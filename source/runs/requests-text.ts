import {type Resource, resources} from '../model/quota-limit.ts';
import {formatNumber} from './amounts.ts';

type Requests = Readonly<Partial<Record<Resource, number>>>;

export function sumOfRequests(requests: Requests): number {
	return Object.values(requests).reduce((sum, count) => sum + count, 0);
}

/** Requests added up, resource by resource. */
export function addRequests(all: readonly Requests[]): Requests {
	return Object.fromEntries(
		resources.flatMap(resource => {
			const count = all.reduce((sum, requests) => sum + (requests[resource] ?? 0), 0);
			return count === 0 ? [] : [[resource, count] as const];
		}),
	);
}

/** `12 api, 4 git`, resources without requests left out; `none` where there are none at all. */
export function requestsText(requests: Requests): string {
	const parts = resources.flatMap(resource => {
		const count = requests[resource] ?? 0;
		return count === 0 ? [] : [`${formatNumber(count)} ${resource}`];
	});
	return parts.length === 0 ? 'none' : parts.join(', ');
}
