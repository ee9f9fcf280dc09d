import {openWorkplace, type Workplace} from '../actions/workplace.ts';
import {sanitize} from '../system/sanitize.ts';
import {UserError} from '../system/user-error.ts';
import {unlockingAt} from './ask-passphrase.ts';
import type {Shell} from './shell.ts';

export type WorkplaceOptions = {
	/** In the place of the shell's own. */
	readonly environment?: NodeJS.ProcessEnv;
	/** The key of the vault, where the process that started this one unlocked it. */
	readonly handedKey?: string | undefined;
};

/**
Opens the workplace for one command, says what was noticed while opening it (a damaged store), and closes it again.

What goes wrong is told without the secrets that were opened.
*/
export async function withWorkplace(
	shell: Shell,
	work: (workplace: Workplace) => Promise<number | undefined>,
	{environment = shell.environment, handedKey}: WorkplaceOptions = {},
): Promise<void> {
	const workplace = await openWorkplace(environment, undefined, unlockingAt(shell, handedKey));
	const told = new Set<string>();
	const tell = (): void => {
		for (const notice of workplace.store.notices()) {
			if (!told.has(notice)) {
				told.add(notice);
				shell.note(sanitize(notice));
			}
		}
	};

	try {
		await workplace.store.read();
		tell();
		shell.setExitCode((await work(workplace)) ?? 0);
		tell();
	} catch (error) {
		throw redacted(error, workplace);
	} finally {
		workplace.close();
	}
}

function redacted(error: unknown, {redactor}: Workplace): unknown {
	if (!(error instanceof Error) || redactor.redact(error.message) === error.message) {
		return error;
	}

	const exitCode = error instanceof UserError ? error.exitCode : 1;
	return new UserError(redactor.redact(error.message), {exitCode});
}
