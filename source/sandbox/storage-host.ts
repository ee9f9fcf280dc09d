import {createHash} from 'node:crypto';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {parseByteRange} from './byte-range.ts';
import {type FaultFor, sendFault} from './faults.ts';
import {readBody} from './read-body.ts';
import {sendText} from './send.ts';
import type {Leak} from './service-types.ts';
import type {StorageGrant, StorageLinks} from './storage-links.ts';
import type {StoredFiles} from './stored-files.ts';

const maximumObjectBytes = 512 * 1024 * 1024;

export type StorageHostOptions = {
	readonly links: StorageLinks;
	readonly now: () => number;
	readonly files: StoredFiles;
	readonly faultFor: FaultFor;
	/** Told of each request that carried a credential which is none of this host's business. */
	readonly onLeak: (leak: Leak) => void;
};

/** Where LFS objects and downloads really lie: another origin than Bitbucket's, which knows nothing but its own signed links. */
export function createStorageHandler(
	options: StorageHostOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
	const {links, now, onLeak, faultFor, files} = options;
	return async (request, response) => {
		const {method = 'GET', headers} = request;
		const url = new URL(request.url ?? '/', 'http://localhost');
		const signed = links.read(method, url);
		const {authorization} = headers;
		if (authorization !== undefined && authorization !== signed?.authorization) {
			onLeak({method, path: url.pathname, authorization: authorization.split(' ')[0] ?? ''});
			sendText(response, 400, 'Only one auth mechanism allowed');
			return;
		}

		if (!signed || authorization !== signed.authorization) {
			sendText(response, 403, 'Access denied');
			return;
		}

		if (signed.grant.expires * 1000 <= now()) {
			sendText(response, 403, 'Request has expired');
			return;
		}

		const fault = faultFor(request);
		if (fault) {
			sendFault(request, response, fault);
			return;
		}

		await (method === 'PUT' ? take : give)(request, response, signed.grant, files);
	};
}

async function give(
	request: IncomingMessage,
	response: ServerResponse,
	grant: StorageGrant,
	files: StoredFiles,
): Promise<void> {
	const content = await files.find(grant);
	if (!content) {
		sendText(response, 404, 'No such key');
		return;
	}

	const range = parseByteRange(request.headers.range, content.length);
	response.setHeader('Accept-Ranges', 'bytes');
	if (range === 'unsatisfiable') {
		response.setHeader('Content-Range', `bytes */${content.length}`);
		sendText(response, 416, 'The requested range is not satisfiable');
		return;
	}

	const part = range ? content.subarray(range.start, range.end + 1) : content;
	response.writeHead(range ? 206 : 200, {
		'Content-Type': 'application/octet-stream',
		'Content-Length': part.length,
		...(range && {'Content-Range': `bytes ${range.start}-${range.end}/${content.length}`}),
	});
	response.end(part);
}

async function take(
	request: IncomingMessage,
	response: ServerResponse,
	grant: StorageGrant,
	files: StoredFiles,
): Promise<void> {
	const content = await readBody(request, maximumObjectBytes);
	if (!content || createHash('sha256').update(content).digest('hex') !== grant.name) {
		sendText(response, content ? 400 : 413, 'The content is not what its id says');
		return;
	}

	await files.store(grant, content);
	response.writeHead(200, {'Content-Length': 0});
	response.end();
}
