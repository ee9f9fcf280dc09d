import type {IncomingMessage, ServerResponse} from 'node:http';
import {type BatchRequest, parseBatchRequest} from './lfs-request.ts';
import {readBody} from './read-body.ts';
import {sendJson} from './send.ts';
import type {Access} from './service-types.ts';
import type {StorageLinks, StorageMethod} from './storage-links.ts';
import type {LfsObject, Repository} from './world.ts';

/** Seconds for which a link to an object is good. */
const linkSeconds = 3600;
const maximumRequestBytes = 4 * 1024 * 1024;
const mediaType = 'application/vnd.git-lfs+json';

export type LfsOptions = {
	readonly links: StorageLinks;
	readonly storageOrigin: () => string;
	/** Where repositories are cloned from, without a slash at its end. */
	readonly gitUrl: () => string;
	readonly workspace: string;
	readonly now: () => number;
	readonly objects: (repository: Repository) => Promise<readonly LfsObject[]>;
};

/** Answers what is below a repository's `/info/lfs`. */
export type LfsHandler = (
	request: IncomingMessage,
	response: ServerResponse,
	repository: Repository,
	access: Access,
	rest: string,
) => Promise<void>;

/** The Git LFS Batch API (version 1, transfer `basic`), and the confirmation after an upload. Signing in is done before. */
export function createLfsHandler(options: LfsOptions): LfsHandler {
	return async (request, response, repository, access, rest) => {
		const refuse = (status: number, message: string) => sendJson(response, status, {message}, mediaType);
		if (request.method !== 'POST') {
			refuse(405, 'Use POST.');
			return;
		}

		if (!request.headers['content-type']?.startsWith(mediaType) || !accepts(request.headers.accept)) {
			refuse(406, `Send and accept ${mediaType}.`);
			return;
		}

		const body = await readBody(request, maximumRequestBytes);
		if (!body) {
			refuse(413, 'The request is too long.');
			return;
		}

		const objects = await options.objects(repository);
		if (rest === '/info/lfs/verify') {
			const {oid, size} = parseVerification(body.toString());
			const stored = objects.some(object => object.oid === oid && object.size === size && !object.missing);
			sendJson(response, stored ? 200 : 404, stored ? {} : {message: 'Object does not exist'}, mediaType);
			return;
		}

		const batch = rest === '/info/lfs/objects/batch' ? parseBatchRequest(body.toString()) : undefined;
		if (!batch) {
			refuse(rest === '/info/lfs/objects/batch' ? 422 : 404, 'This is not a request of the Batch API.');
			return;
		}

		if (batch.operation === 'upload' && access === 'read') {
			refuse(403, 'You must have push access to upload.');
			return;
		}

		const answers = batch.objects.map(wanted =>
			answerFor(options, repository, objects, batch.operation, wanted),
		);
		sendJson(response, 200, {transfer: 'basic', objects: answers, hash_algo: 'sha256'}, mediaType);
	};
}

function answerFor(
	options: LfsOptions,
	repository: Repository,
	objects: readonly LfsObject[],
	operation: BatchRequest['operation'],
	{oid, size}: BatchRequest['objects'][number],
): unknown {
	const stored = objects.find(object => object.oid === oid);
	const known = stored !== undefined && !stored.missing;
	if (!/^[0-9a-f]{64}$/.test(oid) || (known && stored.size !== size)) {
		return {oid, size, error: {code: 422, message: 'Validation error'}};
	}

	const link = (method: StorageMethod) => {
		const expires = Math.floor(options.now() / 1000) + linkSeconds;
		const grant = {purpose: 'lfs', method, repository: repository.uuid, name: oid, expires} as const;
		const signed = options.links.sign(options.storageOrigin(), grant);
		return {...signed, expires_in: linkSeconds};
	};

	if (operation === 'download') {
		return known
			? {oid, size, authenticated: true, actions: {download: link('GET')}}
			: {oid, size, error: {code: 404, message: 'Object does not exist'}};
	}

	// What is there already needs no action.
	const verify = {href: `${options.gitUrl()}/${options.workspace}/${repository.slug}.git/info/lfs/verify`};
	return {oid, size, authenticated: true, ...(!known && {actions: {upload: link('PUT'), verify}})};
}

function accepts(header: string | undefined): boolean {
	return header === undefined || header.includes(mediaType) || header.includes('*/*');
}

function parseVerification(text: string): {readonly oid: unknown; readonly size: unknown} {
	try {
		const {oid, size} = JSON.parse(text) as {oid?: unknown; size?: unknown};
		return {oid, size};
	} catch {
		return {oid: undefined, size: undefined};
	}
}
