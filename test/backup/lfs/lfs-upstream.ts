import {createHash} from 'node:crypto';
import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {SmallWorkspace} from '../small-workspace.ts';

export type SeenRequest = {readonly path: string; readonly headers: IncomingHttpHeaders};

export type AskedObject = {readonly oid: string; readonly size: number};

/** An LFS server in front of a small workspace's Git server, and the storage that its links lead to; a test says how they behave. */
export type LfsUpstream = {
	readonly storageUrl: string;
	/** What the storage was asked, oldest first. */
	readonly seen: SeenRequest[];
	/** The objects of each batch that was asked for, oldest first. */
	readonly batches: AskedObject[][];
	/** Contents by id; the storage gives them, ranges too. */
	readonly contents: Map<string, Buffer>;
	/** Makes the storage keep some contents; gives the pointer to them. */
	readonly keep: (contents: string | Buffer) => {readonly oid: string; readonly pointer: string};
	/** Answers the storage's requests. Default: `give`. */
	answerStorage: (request: IncomingMessage, response: ServerResponse) => void;
	/** What the batch says of an object. Default: a link to the storage with a header of its own. */
	describe: (object: AskedObject) => Record<string, unknown>;
	/** Answers a whole batch, where it returns true. */
	answerBatch: (objects: readonly AskedObject[], response: ServerResponse) => boolean;
	/** Gives what an address names, or the part of it that was asked for. */
	readonly give: (request: IncomingMessage, response: ServerResponse) => void;
	readonly close: () => Promise<void>;
};

export const pointerText = (oid: string, size: number): string =>
	`version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`;

export const oidOf = (contents: Buffer): string => createHash('sha256').update(contents).digest('hex');

export async function startLfsUpstream(workspace: SmallWorkspace): Promise<LfsUpstream> {
	const storage = createServer((request, response) => {
		upstream.seen.push({path: request.url ?? '', headers: request.headers});
		upstream.answerStorage(request, response);
	});
	await new Promise<void>(resolve => {
		storage.listen(0, '127.0.0.1', resolve);
	});
	const storageUrl = `http://127.0.0.1:${(storage.address() as AddressInfo).port}`;
	const contents = new Map<string, Buffer>();
	const give: LfsUpstream['give'] = ({url, headers}, response) => {
		const whole = contents.get((url ?? '').slice(1).replace(/\?.*/, ''));
		const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
		if (whole === undefined) {
			response.writeHead(404).end();
		} else if (from === undefined) {
			response.writeHead(200, {'content-length': whole.length}).end(whole);
		} else if (Number(from) >= whole.length) {
			response.writeHead(416, {'content-range': `bytes */${whole.length}`}).end();
		} else {
			const range = `bytes ${from}-${whole.length - 1}/${whole.length}`;
			response.writeHead(206, {'content-range': range}).end(whole.subarray(Number(from)));
		}
	};

	const upstream: LfsUpstream = {
		storageUrl,
		seen: [],
		batches: [],
		contents,
		keep: text => {
			const bytes = Buffer.from(text);
			const oid = oidOf(bytes);
			contents.set(oid, bytes);
			return {oid, pointer: pointerText(oid, bytes.length)};
		},
		answerStorage: give,
		describe: ({oid, size}) => ({
			oid,
			size,
			actions: {download: {href: `${storageUrl}/${oid}`, header: {'x-grant': 'for this one'}}},
		}),
		answerBatch: () => false,
		give,
		close: async () => {
			storage.closeAllConnections();
			await new Promise(resolve => {
				storage.close(resolve);
			});
		},
	};

	workspace.server.intercept = (request, response) => {
		if (!request.url?.endsWith('/info/lfs/objects/batch')) {
			return false;
		}

		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const {objects} = JSON.parse(Buffer.concat(chunks).toString()) as {objects: AskedObject[]};
			upstream.batches.push(objects);
			if (!upstream.answerBatch(objects, response)) {
				response.setHeader('content-type', 'application/vnd.git-lfs+json');
				response.end(JSON.stringify({transfer: 'basic', objects: objects.map(upstream.describe)}));
			}
		});
		return true;
	};
	return upstream;
}

/** Lets the waits of a run pass until it has ended. */
export async function keepMoving<Result>(
	{clock}: Pick<SmallWorkspace, 'clock'>,
	running: Promise<Result>,
): Promise<Result> {
	let hasEnded = false;
	const end = (): void => {
		hasEnded = true;
	};
	running.then(end, end);
	while (!hasEnded) {
		await clock.advanceToNext();
	}

	return running;
}
