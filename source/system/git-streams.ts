import type {ChildProcess} from 'node:child_process';
import type {Writable} from 'node:stream';
import type {GitWatch} from './git-watch.ts';

export type GitInput = string | Uint8Array | AsyncIterable<Uint8Array | string>;

export type GitOutput = {
	readonly bytes: () => Buffer;
	/** Whether it printed more than its cap, and was ended for it. */
	readonly isTooLong: () => boolean;
};

/** Collects what git prints, up to a cap. */
export function collectOutput(child: ChildProcess, watch: GitWatch, maximumBytes: number): GitOutput {
	const chunks: Buffer[] = [];
	let size = 0;
	child.stdout?.on('data', (chunk: Buffer) => {
		watch.moved();
		size += chunk.length;
		if (size > maximumBytes) {
			watch.kill();
		} else {
			chunks.push(chunk);
		}
	});
	return {bytes: () => Buffer.concat(chunks), isTooLong: () => size > maximumBytes};
}

const maximumErrorText = 64 * 1024;
const maximumLine = 4096;

/** Collects the end of what git prints to its standard error. Everything that leaves here is redacted. */
export function collectErrors(
	child: ChildProcess,
	watch: GitWatch,
	{
		redact,
		onProgressLine,
	}: {readonly redact: (text: string) => string; readonly onProgressLine?: (line: string) => void},
): {readonly text: () => string} {
	let errorText = '';
	let line = '';
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		watch.moved();
		errorText += text;
		if (errorText.length > 2 * maximumErrorText) {
			// Redacted before it is cut: the half of a secret would not be recognised.
			errorText = redact(errorText).slice(-maximumErrorText);
		}

		// Progress is overwritten in place, its steps end with a carriage return.
		const lines = `${line}${text}`.split(/[\r\n]/);
		line = redact(lines.pop() ?? '').slice(-maximumLine);
		for (const finished of lines) {
			onProgressLine?.(redact(finished));
		}
	});
	return {text: () => redact(errorText).slice(-maximumErrorText)};
}

/** Gives git its input. A git that ends without reading all of it says why by its exit code. */
export async function feedInput(
	stdin: Writable,
	input: GitInput | undefined,
	watch: GitWatch,
): Promise<void> {
	stdin.on('error', () => undefined);
	if (input === undefined || typeof input === 'string' || input instanceof Uint8Array) {
		stdin.end(input);
		return;
	}

	try {
		for await (const chunk of input) {
			if (stdin.destroyed) {
				return;
			}

			if (!stdin.write(chunk)) {
				await drained(stdin);
			}

			watch.moved();
		}

		stdin.end();
	} catch (error) {
		// Its input stays open until it has ended: git would take the part that it has for the whole.
		watch.kill();
		throw error;
	}
}

/** Waits until it takes more. One that was closed, or broke, takes nothing: who writes next sees it. */
async function drained(stdin: Writable): Promise<void> {
	if (stdin.destroyed) {
		return;
	}

	return new Promise(resolve => {
		const settle = (): void => {
			stdin.off('drain', settle);
			stdin.off('close', settle);
			resolve();
		};

		stdin.on('drain', settle);
		stdin.on('close', settle);
	});
}
