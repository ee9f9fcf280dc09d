import {readPacketLines} from './packet-lines.ts';
import type {RefList} from './ref-list.ts';

/*
What a Git server says of its refs, in the two forms in which it may. Both end with a mark of their own: an answer that
breaks off, or is a page of HTML, is never taken for a repository without refs.
*/

/**
Reads the answer to `ls-refs` of protocol version 2 (https://git-scm.com/docs/protocol-v2).

@returns undefined where it is no such answer.
*/
export function parseLsRefs(body: Buffer): RefList | undefined {
	const packets = readPacketLines(body);
	if (packets === undefined) {
		return undefined;
	}

	let head: string | undefined;
	const refs = new Map<string, string>();
	for (const line of packets.lines) {
		const [, id, name, attributes] = /^([0-9a-f]{40,64}) ([^ ]+)(.*)$/s.exec(line) ?? [];
		if (id === undefined || name === undefined || attributes === undefined) {
			return undefined;
		}

		if (name === 'HEAD') {
			head = / symref-target:([^ ]+)/.exec(attributes)?.[1] ?? id;
		} else if (name.startsWith('refs/')) {
			refs.set(name, id);
		}
	}

	return {head, refs};
}

/**
Reads the first answer of protocol version 0 (https://git-scm.com/docs/http-protocol): a service line, then the refs, with
the server's abilities behind the first one.

@returns undefined where it is no such answer.
*/
export function parseFirstAdvertisement(body: Buffer): RefList | undefined {
	const service = readPacketLines(body);
	const packets = service === undefined ? undefined : readPacketLines(body, service.end);
	if (packets === undefined || service?.lines[0] !== '# service=git-upload-pack') {
		return undefined;
	}

	let detached: string | undefined;
	const refs = new Map<string, string>();
	for (const line of packets.lines) {
		const [, id, name] = /^([0-9a-f]{40,64}) ([^\0]+)/.exec(line) ?? [];
		if (id === undefined || name === undefined) {
			return undefined;
		}

		if (name === 'HEAD') {
			detached = id;
		} else if (name.startsWith('refs/') && !name.endsWith('^{}')) {
			refs.set(name, id);
		}
	}

	const [, target] = / symref=HEAD:([^ ]+)/.exec(packets.lines[0] ?? '') ?? [];
	return {head: detached === undefined ? undefined : (target ?? detached), refs};
}
