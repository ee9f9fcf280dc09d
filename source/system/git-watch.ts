import type {ChildProcess} from 'node:child_process';

/** Ends a git that is no longer wanted or makes no progress, with all its children. */
export type GitWatch = {
	/** To be called whenever git prints or takes something. */
	readonly moved: () => void;
	readonly isStalled: () => boolean;
	readonly kill: () => void;
	/** To be called when git has ended. */
	readonly end: () => void;
};

/** Git clears its own lock and temporary files away when it is asked to end; after so long it is made to. */
const patienceMilliseconds = 5000;

/** @param child The leader of a process group of its own. */
export function watchOver(
	child: ChildProcess,
	options: {readonly signal?: AbortSignal; readonly noProgressMilliseconds?: number},
): GitWatch {
	const {signal, noProgressMilliseconds} = options;
	let isStalled = false;
	let last: NodeJS.Timeout | undefined;
	const kill = (): void => {
		signalGroup(child, 'SIGTERM');
		last ??= setTimeout(() => signalGroup(child, 'SIGKILL'), patienceMilliseconds);
	};

	const stall =
		noProgressMilliseconds === undefined
			? undefined
			: setTimeout(() => {
					isStalled = true;
					kill();
				}, noProgressMilliseconds);
	signal?.addEventListener('abort', kill, {once: true});
	return {
		moved: () => {
			stall?.refresh();
		},
		isStalled: () => isStalled,
		kill,
		end: () => {
			clearTimeout(stall);
			clearTimeout(last);
			signal?.removeEventListener('abort', kill);
		},
	};
}

/** Reaches git's children too, also when git itself has ended and one of them still talks to the server. */
function signalGroup({pid}: ChildProcess, name: NodeJS.Signals): void {
	if (pid === undefined) {
		return;
	}

	try {
		process.kill(-pid, name);
	} catch {
		// All of them ended in the meantime.
	}
}
