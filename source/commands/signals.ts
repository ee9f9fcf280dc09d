/**
A signal to stop, as an AbortSignal. The second one ends the process at once, as if nobody had listened.

Losing the terminal (SIGHUP) stops nothing: a run outlives the connection it was started over.

@returns the signal and how to stop listening.
*/
export function listenForStop(): {readonly signal: AbortSignal; readonly release: () => void} {
	const controller = new AbortController();
	const stop = (name: NodeJS.Signals): void => {
		if (controller.signal.aborted) {
			process.exit(name === 'SIGTERM' ? 143 : 130);
		}

		controller.abort(new Error(`Stopped by ${name}.`));
	};

	const release = outlastTerminal();
	process.on('SIGINT', stop);
	process.on('SIGTERM', stop);
	return {
		signal: controller.signal,
		release: () => {
			process.off('SIGINT', stop);
			process.off('SIGTERM', stop);
			release();
		},
	};
}

/**
Lets the loss of the terminal end nothing by itself. It is told more than once: by the system, by the shell, by what held the terminal; whoever
has heard it and clears up must not be ended by the next.

@returns stops it.
*/
export function outlastTerminal(): () => void {
	const stay = (): void => undefined;
	process.on('SIGHUP', stay);
	return () => {
		process.off('SIGHUP', stay);
	};
}

/**
Does something that may be stopped by a signal.

@returns its exit code; 130 where it was stopped.
*/
export async function stoppable(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
	const stop = listenForStop();
	try {
		return await work(stop.signal);
	} catch (error) {
		if (stop.signal.aborted && error === stop.signal.reason) {
			return 130;
		}

		throw error;
	} finally {
		stop.release();
	}
}
