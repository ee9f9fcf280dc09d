import type {AccountPool, ListPage, PoolRequest} from '../../source/accounts/pool-types.ts';
import {elementsOfPage} from '../../source/bitbucket/list-elements.ts';
import {createFakePool, notFound} from './fake-pool.ts';
import {makeSmallWorkspace, uuidOf} from './small-workspace.ts';

/*
Backs up a repository of many pull requests twice, and prints what memory and how many requests that took. In a process of its own,
with `--expose-gc`. Pull requests and what happened to them are made up page by page: only who reads them can hold them all.
*/

const count = Number(process.argv[2] ?? 10_000);
const eventsEach = 3;
const start = Date.parse('2020-01-01T00:00:00.000Z');
const text = 'Lorem ipsum dolor sit amet, consetetur sadipscing elitr. '.repeat(60);

/** All are open and have neither comments nor tasks. */
const pullRequest = (id: number): string =>
	`{"id":${id},"state":"OPEN","title":"Change ${id}","description":"${text}","comment_count":0,"task_count":0,` +
	`"updated_on":"${new Date(start + id * 3_600_000).toISOString()}"}`;
const event = (index: number): string =>
	`{"pull_request":{"id":${1 + (index % count)}},"update":{"title":"${text.slice(0, 800)}"}}`;

let asked = 0;
let peak = 0;

function look(): void {
	globalThis.gc?.();
	const {heapUsed, external} = process.memoryUsage();
	peak = Math.max(peak, heapUsed + external);
}

async function* listPages({url}: PoolRequest): AsyncGenerator<ListPage> {
	const isActivity = url.includes('/activity');
	if (!url.includes('/pullrequests')) {
		asked += 1;
		const values = url.includes('/repositories/acme?') ? [`{"uuid":"${uuidOf(1)}","slug":"web"}`] : [];
		yield pageOf(values, values.length);
		return;
	}

	const size = isActivity ? count * eventsEach : count;
	for (let first = 0; first < size; first += 50) {
		asked += 1;
		if (asked < 5 || asked % 20 === 0) {
			look();
		}

		const indices = Array.from({length: Math.min(50, size - first)}, (_, index) => first + index);
		const values = isActivity
			? indices.map(event)
			: indices.map(index => pullRequest(url.includes('sort=-updated_on') ? count - index : index + 1));
		yield pageOf(values, isActivity ? undefined : size);
	}
}

function pageOf(values: readonly string[], size: number | undefined): ListPage {
	const body = Buffer.from(`{"values":[${values.join(',')}]}`);
	return {elements: elementsOfPage(body, JSON.parse(body.toString()).values) ?? [], size};
}

const workspace = await makeSmallWorkspace();
try {
	const runs: unknown[] = [];
	for (let run = 0; run < 2; run += 1) {
		asked = 0;
		peak = 0;
		look();
		const before = peak;
		const pool: AccountPool = {
			...createFakePool({origin: workspace.server.origin, answers: () => notFound}),
			listPages,
		};
		const began = performance.now();
		const {outcome} = await workspace.run(['pull-requests'], {pool});
		look();
		runs.push({
			status: outcome.status,
			unchanged: outcome.repositories.unchanged,
			// Without the list of repositories.
			requests: asked - 1,
			megabytes: (peak - before) / 2 ** 20,
			seconds: (performance.now() - began) / 1000,
		});
	}

	console.log(JSON.stringify(runs));
} finally {
	await workspace.close();
}
