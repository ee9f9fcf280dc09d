import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Socket} from 'node:net';

/**
What can happen to a connection: it is refused, cut or reset amid an answer, answers after a while, drips, or brings bytes that
nobody sent. The last one only in packs, which bear a hash: over TLS nothing else can be changed unseen.
*/
export const faultKinds = ['refuse', 'cut', 'reset', 'delay', 'drip', 'corrupt'] as const;
export type FaultKind = (typeof faultKinds)[number];

export type FaultProxy = {
	readonly origin: string;
	/** How many of each kind were done to somebody. */
	readonly counts: Readonly<Record<FaultKind, number>>;
	/** The part of connections, from 0 to 1, that something is done to from now on. */
	readonly setRate: (rate: number) => void;
	readonly close: () => Promise<void>;
};

/** Passes TCP connections on to a server on loopback, and does to some of them what networks do. */
export async function startFaultProxy({
	target,
	random,
	kinds = faultKinds,
}: {
	/** Origin of the server. */
	readonly target: string;
	readonly random: () => number;
	readonly kinds?: readonly FaultKind[];
}): Promise<FaultProxy> {
	const {port} = new URL(target);
	const counts: Record<FaultKind, number> = {refuse: 0, cut: 0, reset: 0, delay: 0, drip: 0, corrupt: 0};
	const open = new Set<Socket>();
	let rate = 0;

	const server = createServer({noDelay: true}, client => {
		const upstream = connect({port: Number(port), host: '127.0.0.1', noDelay: true});
		for (const socket of [client, upstream]) {
			open.add(socket);
			socket.on('error', () => undefined);
			socket.on('close', () => {
				open.delete(socket);
				client.destroy();
				upstream.destroy();
			});
		}

		let fault: Fault | undefined;
		client.on('data', (chunk: Buffer) => {
			// Each request of a kept connection tries its luck anew.
			fault = random() < rate ? chooseFault(kinds, chunk, random) : undefined;
			if (fault?.kind === 'refuse') {
				counts.refuse += 1;
				client.resetAndDestroy();
				return;
			}

			upstream.write(chunk);
		});
		upstream.on('data', (chunk: Buffer) => {
			const done = fault === undefined ? false : applyFault(fault, chunk, {client, upstream, random});
			if (done && fault !== undefined) {
				counts[fault.kind] += 1;
				fault = undefined;
			} else {
				client.write(chunk);
			}
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		counts,
		setRate: next => {
			rate = next;
		},
		close: async () => {
			for (const socket of open) {
				socket.destroy();
			}

			server.close();
			await once(server, 'close');
		},
	};
}

type Fault = {
	readonly kind: FaultKind;
	/** Byte of the answer at which it happens. */
	readonly at: number;
	passed: number;
};

function chooseFault(kinds: readonly FaultKind[], request: Buffer, random: () => number): Fault | undefined {
	const isPack = request.includes('/git-upload-pack ') && request.includes('command=fetch');
	const possible = kinds.filter(kind => kind !== 'corrupt' || isPack);
	const kind = possible[Math.floor(random() * possible.length)];
	return kind === undefined ? undefined : {kind, at: Math.floor(random() * 3000), passed: 0};
}

/** Where the pack begins in the first piece of an answer, at the earliest. */
const headOfPack = 60;

/** @returns whether it was done, and the chunk taken care of. */
function applyFault(
	fault: Fault,
	chunk: Buffer,
	{
		client,
		upstream,
		random,
	}: {readonly client: Socket; readonly upstream: Socket; readonly random: () => number},
): boolean {
	const position = fault.at - fault.passed;
	fault.passed += chunk.length;
	switch (fault.kind) {
		case 'refuse':
			return false;
		case 'cut':
			if (position < chunk.length) {
				client.end(chunk.subarray(0, Math.max(0, position)));
				return true;
			}

			return false;
		case 'reset':
			if (position < chunk.length) {
				client.write(chunk.subarray(0, Math.max(0, position)));
				client.resetAndDestroy();
				return true;
			}

			return false;
		case 'delay':
			upstream.pause();
			setTimeout(() => {
				client.write(chunk);
				upstream.resume();
			}, 20);
			return true;
		case 'drip':
			upstream.pause();
			drip(chunk, client, () => upstream.resume());
			return true;
		case 'corrupt':
			return corrupt(chunk, client, random);
	}
}

/** Changes a byte behind the head of the answer. */
function corrupt(chunk: Buffer, client: Socket, random: () => number): boolean {
	const from = chunk.indexOf('\r\n\r\n') + headOfPack;
	if (from >= chunk.length) {
		return false;
	}

	const position = from + Math.floor(random() * (chunk.length - from));
	const changed = Buffer.from(chunk);
	changed[position] = (changed[position] ?? 0) ^ 0x55;
	client.write(changed);
	return true;
}

/** Sends a few bytes at a time. */
function drip(chunk: Buffer, client: Socket, done: () => void): void {
	const size = Math.max(1, Math.ceil(chunk.length / 20));
	let position = 0;
	const next = (): void => {
		if (position >= chunk.length || client.destroyed) {
			done();
			return;
		}

		client.write(chunk.subarray(position, position + size));
		position += size;
		setTimeout(next, 1);
	};

	next();
}
