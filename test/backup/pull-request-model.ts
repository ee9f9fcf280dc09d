import type {AccountPool, ListPage, PoolRequest} from '../../source/accounts/pool-types.ts';
import {blobId, type TreeEntry} from '../../source/backup/git-objects.ts';
import type {LastSnapshot} from '../../source/backup/last-snapshot.ts';
import type {Mirror} from '../../source/backup/mirror.ts';
import {elementsOfPage} from '../../source/bitbucket/list-elements.ts';

/** A server's pull requests: what they say by their ids, and when they changed, in milliseconds since the epoch. */
export type ModelServer = {
	readonly pullRequests: Map<number, {version: number; updatedAt: number}>;
	/** The time that it is there. */
	now: number;
	/** How it disobeys. */
	flaw?: 'sorts by id' | 'sorts by id, the highest first' | 'has no size' | undefined;
};

/** Elements of a page; small, so that few pull requests make many pages. */
const pageLength = 3;

/**
A pool over a server whose lists change between one page and the next, as pages with numbers do.

@param turn What happens before a page is given.
*/
export function createModelPool(
	server: ModelServer,
	turn: () => void,
): {readonly pool: AccountPool; readonly asked: string[]} {
	const asked: string[] = [];
	async function* listPages({url}: PoolRequest): AsyncGenerator<ListPage> {
		const order = /sort=-updated_on/.test(url) && server.flaw !== 'sorts by id' ? 'newest' : 'id';
		for (let page = 0; ; page += 1) {
			turn();
			asked.push(`${order} ${page + 1}`);
			const all = [...server.pullRequests].sort(([leftId, left], [rightId, right]) => {
				const byId = leftId - rightId;
				if (order === 'id') {
					return byId;
				}

				return server.flaw === 'sorts by id, the highest first'
					? -byId
					: right.updatedAt - left.updatedAt || byId;
			});
			const values = all
				.slice(page * pageLength, (page + 1) * pageLength)
				.map(([id]) => elementOf(server, id));
			const body = Buffer.from(`{"values":[${values.join(',')}]}`);
			const {values: parsed} = JSON.parse(body.toString()) as {values: unknown[]};
			yield {
				elements: elementsOfPage(body, parsed) ?? [],
				size: server.flaw === 'has no size' ? undefined : all.length,
			};
			if ((page + 1) * pageLength >= all.length) {
				return;
			}
		}
	}

	return {pool: {listPages} as unknown as AccountPool, asked};
}

/** What the list says of a pull request. */
export function elementOf({pullRequests}: ModelServer, id: number): string {
	const {version, updatedAt} = pullRequests.get(id) ?? {version: 0, updatedAt: 0};
	return `{"id":${id},"version":${version},"updated_on":"${new Date(updatedAt).toISOString()}"}`;
}

/** A snapshot that holds files of pull requests, and a mirror that gives them. */
export function createModelSnapshot(
	files: ReadonlyMap<number, string>,
	pullRequestsUpdatedOn: string | undefined,
): {readonly last: LastSnapshot; readonly mirror: Mirror} {
	const blobs = new Map([...files.values()].map(text => [blobId(Buffer.from(text)), text]));
	const entries = new Map<string, TreeEntry>(
		[...files].flatMap(
			([id, text]): Array<[string, TreeEntry]> => [
				[`pull-requests/${id}`, {type: 'tree', id: '0'.repeat(40)}],
				[`pull-requests/${id}/pull-request.json`, {type: 'blob', id: blobId(Buffer.from(text))}],
			],
		),
	);
	const record = {incomplete: [], pullRequestsUpdatedOn};
	const read = async (_: readonly string[], {input}: {input: string}): Promise<Buffer> => {
		const answers = input
			.trimEnd()
			.split('\n')
			.map(name => {
				const text = blobs.get(name);
				return text === undefined ? `${name} missing\n` : `${name} blob ${text.length}\n${text}\n`;
			});
		return Buffer.from(answers.join(''));
	};

	return {
		last: {entries, record} as unknown as LastSnapshot,
		mirror: {read} as unknown as Mirror,
	};
}
