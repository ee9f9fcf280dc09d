import type {IncomingMessage, ServerResponse} from 'node:http';

/** A failure that a test orders. */
export type FaultOrder = {
	/** Part of the request's path and query (`/pullrequests?`), or an expression that finds it there. */
	readonly match: string | RegExp;
	/** An HTTP status, or `reset` to cut the connection instead of an answer. */
	readonly status: number | 'reset';
	/** Default: Bitbucket's JSON envelope for errors. */
	readonly body?: string;
	/** Default: `application/json`. */
	readonly contentType?: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** How many requests fail. Default 1. */
	readonly times?: number;
};

/** The failure for a request, if one is ordered; it is used up by asking. */
export type FaultFor = (request: IncomingMessage) => FaultOrder | undefined;

export type Faults = {readonly order: (order: FaultOrder) => void; readonly faultFor: FaultFor};

export function createFaults(): Faults {
	const orders: Array<{readonly order: FaultOrder; left: number}> = [];
	return {
		order: order => void orders.push({order, left: order.times ?? 1}),
		faultFor({url = '/'}) {
			const found = orders.find(
				({order: {match}, left}) =>
					left > 0 && (typeof match === 'string' ? url.includes(match) : url.search(match) >= 0),
			);
			if (found) {
				found.left -= 1;
			}

			return found?.order;
		},
	};
}

export function sendFault(request: IncomingMessage, response: ServerResponse, fault: FaultOrder): void {
	if (fault.status === 'reset') {
		request.socket.resetAndDestroy();
		return;
	}

	const envelope = {type: 'error', error: {message: `Something went wrong (${fault.status})`}};
	const body = fault.body ?? JSON.stringify(envelope);
	response.writeHead(fault.status, {
		'Content-Type': fault.contentType ?? 'application/json',
		'Content-Length': Buffer.byteLength(body),
		...fault.headers,
	});
	response.end(body);
}
