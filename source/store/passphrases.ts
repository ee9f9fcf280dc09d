import {UserError} from '../system/user-error.ts';
import {passwordCommandVariable} from './key-variables.ts';

/** Has a person type a passphrase, unseen. @param problem Why it is asked once more. */
export type AskPassphrase = (question: string, problem?: string) => Promise<string>;

/** A passphrase does not open a key. */
export class WrongPassphrase extends UserError {}

/** What is known of the passphrase that locks the home's own key, where a person knows it and no command. */
export type Passphrases = {
	/**
	Opens a key with the passphrase that opened it before in this process, else with one that is typed now.

	@param open Throws WrongPassphrase where it is the wrong one: then it is asked for again, three times in all.
	@throws UserError where nobody can be asked.
	*/
	readonly current: <Opened>(path: string, open: (passphrase: string) => Promise<Opened>) => Promise<Opened>;
	/** A new passphrase, typed twice. @throws UserError where nobody can be asked, or the two differ. */
	readonly choose: () => Promise<string>;
	/** From now on this one is known. */
	readonly remember: (passphrase: string) => void;
	/** Nobody is asked any more: the screen belongs to the app. */
	readonly stopAsking: () => void;
};

/** How a key is opened that is locked with a passphrase, where no command prints it. */
export type Unlocking = {
	readonly passphrases: Passphrases;
	/** The key itself, where the process that started this one unlocked it and handed it over. */
	readonly handedKey?: string | undefined;
};

const mostAttempts = 3;

/** @param ask undefined where there is nobody to ask. */
export function createPassphrases(ask?: AskPassphrase): Passphrases {
	let known: string | undefined;
	let asking = ask;

	return {
		current: async (path, open) => {
			if (known !== undefined) {
				try {
					return await open(known);
				} catch (error) {
					if (!(error instanceof WrongPassphrase)) {
						throw error;
					}

					// It was changed by another process.
					known = undefined;
				}
			}

			if (asking === undefined) {
				throw new UserError(
					`${path} is locked with a passphrase. Set ${passwordCommandVariable} to a command that prints it, or start from a terminal and type it.`,
				);
			}

			let problem: string | undefined;
			for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
				const typed = await asking(`Passphrase of ${path}`, problem);
				try {
					const opened = await open(typed);
					known = typed;
					return opened;
				} catch (error) {
					if (!(error instanceof WrongPassphrase)) {
						throw error;
					}

					problem = 'That is not the passphrase.';
				}
			}

			throw new UserError(
				`${path} does not open with what was typed: it is the wrong passphrase, or the file is damaged.`,
			);
		},
		choose: async () => {
			if (asking === undefined) {
				throw new UserError(
					`A passphrase is needed: set ${passwordCommandVariable} to a command that prints it (and no age identity), or start from a terminal and type it.`,
				);
			}

			const chosen = await asking('A new passphrase');
			assertUsable(chosen);
			if ((await asking('The same passphrase again')) !== chosen) {
				throw new UserError('The two passphrases differ; nothing was changed. Try again.');
			}

			return chosen;
		},
		remember: passphrase => {
			known = passphrase;
		},
		stopAsking: () => {
			asking = undefined;
		},
	};
}

/** For whoever has nobody to ask. */
export const nobodyToAsk: Unlocking = {passphrases: createPassphrases()};

/** @throws UserError for what a password command could not give later. */
function assertUsable(passphrase: string): void {
	if (passphrase === '' || passphrase.startsWith('AGE-') || /[\u0000-\u001f\u007f]/.test(passphrase)) {
		throw new UserError(
			'That is no passphrase: it is empty, holds control characters, or looks like a key of age. Nothing was changed.',
		);
	}
}
