import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {freezeMilliseconds} from '../../source/accounts/backoff.ts';
import {settlementMargin} from '../../source/accounts/ledger.ts';
import {type Bench, createBench, opened} from './fake-bitbucket.ts';

/*
A Bitbucket that enforces its window in fake time: each account may have so many requests in any window, whoever sends them.
*/

const windowMilliseconds = 10_000;

type Server = {
	/** Another tool uses the account, as far as there is room. */
	readonly burst: (who: string, requests: number) => void;
	/** When each request of an account was refused. */
	readonly refused: (who: string) => readonly number[];
	readonly answered: readonly string[];
	readonly bench: Bench;
};

async function createServer(options: {
	readonly accounts: number;
	readonly limit: number;
	/** What the server allows, where it is less than what the organization's settings say. */
	readonly enforced?: number;
	readonly headers?: boolean;
}): Promise<Server> {
	const {accounts, limit, enforced = limit, headers = false} = options;
	const counted = new Map<string, number[]>();
	const refused = new Map<string, number[]>();
	const answered: string[] = [];
	const inWindow = (who: string): number[] => {
		const since = bench.clock.elapsed() - windowMilliseconds;
		const moments = (counted.get(who) ?? []).filter(moment => moment > since);
		counted.set(who, moments);
		return moments;
	};

	const bench: Bench = await createBench({
		credentials: Array.from({length: accounts}, (_, index) => opened(`account-${index}`)),
		apiLimit: `${limit}/10s`,
		answer: ({who, url}) => {
			const moments = inWindow(who);
			const told = headers
				? {
						'x-ratelimit-limit': String(enforced),
						'x-ratelimit-nearlimit': String(moments.length > enforced * 0.8),
					}
				: {};
			if (moments.length >= enforced) {
				refused.set(who, [...(refused.get(who) ?? []), bench.clock.elapsed()]);
				return {status: 429, headers: told};
			}

			moments.push(bench.clock.elapsed());
			answered.push(url);
			return {status: 200, headers: told};
		},
	});
	return {
		bench,
		answered,
		refused: who => refused.get(who) ?? [],
		burst: (who, requests) => {
			const moments = inWindow(who);
			for (let count = 0; count < requests && moments.length < enforced; count += 1) {
				moments.push(bench.clock.elapsed());
			}
		},
	};
}

/** Reads so many things, each once. @param atOnce How many are asked for at the same time. */
async function readAll(server: Server, requests: number, atOnce = requests): Promise<void> {
	const {pool, finish} = server.bench;
	const slugs = ['one', 'two', 'three'];
	let next = 0;
	const work = async (): Promise<void> => {
		for (let index = next++; index < requests; index = next++) {
			const slug = slugs[index % slugs.length] ?? '';
			await pool.get({url: `/repositories/acme/${slug}/refs?n=${index}`, repository: slug});
		}
	};
	await finish(Promise.all(Array.from({length: atOnce}, work)));
	assert.equal(new Set(server.answered).size, requests, 'every request is answered');
	assert.equal(server.answered.length, requests, 'and none twice');
}

test('pool: in a Bitbucket that enforces its window no request is refused, and none waits longer than it must', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({min: 1, max: 8}),
			fc.integer({min: 1, max: 12}),
			fc.integer({min: 1, max: 90}),
			async (accounts, limit, requests) => {
				const server = await createServer({accounts, limit});
				const start = server.bench.clock.elapsed();
				await readAll(server, requests);
				for (let index = 0; index < accounts; index += 1) {
					assert.deepEqual(server.refused(`account-${index}`), []);
				}

				const windows = Math.floor((requests - 1) / (accounts * limit));
				const took = server.bench.clock.elapsed() - start;
				assert.ok(took >= windows * windowMilliseconds);
				assert.ok(took <= windows * (windowMilliseconds + settlementMargin(windowMilliseconds)) + 20);
			},
		),
		{numRuns: 25},
	);
});

/**
Refusals come no closer together than the freezes that they cause; several of one moment are of requests that were under way
when the first of them was refused.
*/
function assertSpaced(refusals: readonly number[]): void {
	const moments = [...new Set(refusals)];
	for (const [index, moment] of moments.entries()) {
		const before = moments[index - 1];
		const least = freezeMilliseconds(0, windowMilliseconds, undefined, 0);
		assert.ok(before === undefined || moment - before >= least, moments.join(' '));
	}
}

test('pool: another tool that uses up an account is noticed once for each step of waiting, and the run goes on', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(
				fc.record({
					account: fc.nat(2),
					requests: fc.integer({min: 1, max: 30}),
					after: fc.integer({min: 0, max: 9000}),
				}),
				{
					minLength: 1,
					maxLength: 6,
				},
			),
			async bursts => {
				const server = await createServer({accounts: 3, limit: 10});
				const {clock} = server.bench;
				const foreign = (async () => {
					for (const {account, requests, after} of bursts) {
						await clock.wait(after);
						server.burst(`account-${account}`, requests);
					}
				})();
				await readAll(server, 120);
				for (let index = 0; index < 3; index += 1) {
					assertSpaced(server.refused(`account-${index}`));
				}

				await server.bench.finish(foreign);
			},
		),
		{numRuns: 12},
	);
});

test('pool: a limit that is lower than anybody said is survived with few refusals', async () => {
	const server = await createServer({accounts: 2, limit: 100, enforced: 6});
	const atOnce = 8;
	const start = server.bench.clock.elapsed();
	await readAll(server, 80, atOnce);
	const windows = (server.bench.clock.elapsed() - start) / windowMilliseconds;
	assert.ok(windows < 10, `${windows} windows, where 6 could not be done without`);
	const refused = server.refused('account-0').length + server.refused('account-1').length;
	// All that is under way when the first refusal comes; then one for each step of waiting, of which few fit into a window.
	assert.ok(refused <= atOnce + 2 * (windows + 6), `${refused} refused in ${windows} windows`);
});

test('pool: a limit that the server tells is kept from the first answer on, and by the next run from its start', async () => {
	const server = await createServer({accounts: 1, limit: 100, enforced: 6, headers: true});
	await readAll(server, 1);
	await readAll(server, 30).catch(() => undefined);
	assert.deepEqual(server.refused('account-0'), []);
});
