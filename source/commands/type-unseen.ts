import {StringDecoder} from 'node:string_decoder';
import {UserError} from '../system/user-error.ts';

/*
What a keyboard sends for arrows and other keys is no text, and nobody would see that it was taken for some.
*/
const keySequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?/g;

/** What was typed so far after some more characters, and whether that was all. */
export type Typed = {readonly text: string; readonly end?: 'entered' | 'interrupted' | 'ended'};

export function typeMore(text: string, part: string): Typed {
	let typed = text;
	for (const character of part.replaceAll(keySequences, '')) {
		if (character === '\r' || character === '\n') {
			return {text: typed, end: 'entered'};
		}

		if (character === '\u0003' || character === '\u0004') {
			return {text: typed, end: character === '\u0003' ? 'interrupted' : 'ended'};
		}

		if (character === '\u007f' || character === '\b') {
			typed = [...typed].slice(0, -1).join('');
		} else if (character === '\u0015') {
			typed = '';
		} else if (character >= ' ') {
			typed += character;
		}
	}

	return {text: typed};
}

/**
One line from the terminal, unseen. The terminal is as before afterwards, however that ends; Ctrl-C interrupts the program as ever.

@throws UserError where nothing was entered.
*/
export async function typeUnseen(input: NodeJS.ReadStream): Promise<string> {
	const wasRaw = input.isRaw;
	input.setRawMode(true);
	let stopListening = (): void => undefined;
	try {
		return await new Promise<string>((resolve, reject) => {
			let text = '';
			const decoder = new StringDecoder('utf8');
			const giveUp = (): void => reject(new UserError('Nothing was entered; nothing was changed.'));
			const take = (part: Buffer | string): void => {
				const typed = typeMore(text, typeof part === 'string' ? part : decoder.write(part));
				text = typed.text;
				if (typed.end === 'entered') {
					resolve(text);
				} else if (typed.end !== undefined) {
					giveUp();
				}

				if (typed.end === 'interrupted') {
					// Whoever listens for it cancels what goes on; else it ends the program.
					input.setRawMode(wasRaw);
					process.kill(process.pid, 'SIGINT');
				}
			};

			input.on('data', take);
			input.on('end', giveUp);
			input.on('error', giveUp);
			stopListening = () => {
				input.off('data', take);
				input.off('end', giveUp);
				input.off('error', giveUp);
			};
			input.resume();
		});
	} finally {
		stopListening();
		input.setRawMode(wasRaw);
		input.pause();
	}
}
