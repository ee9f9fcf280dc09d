import {debuglog} from 'node:util';
import {CommanderError} from 'commander';
import {createProgram} from './commands/program.ts';
import {createShell, type Shell} from './commands/shell.ts';
import {withoutTokens} from './model/token-text.ts';
import {sanitize} from './system/sanitize.ts';
import {UserError} from './system/user-error.ts';

const help = 'See: bucket-brigade --help';

/**
Runs the program once and ends the process with its exit code: 0 all well, 1 failed, 2 wrong usage, 3 finished but
something is missing, 130 cancelled.
*/
export async function main(commandLine: readonly string[]): Promise<never> {
	return runToEnd(async shell => {
		assertTlsIsChecked(shell.environment);
		assertNothingIsPrinted();
		const program = await createProgram(shell, commandLine);
		await program.parseAsync([...commandLine], {from: 'user'});
	});
}

/** Does the work of a process and ends it with the exit code of its shell. What goes wrong, is said in one sentence. */
export async function runToEnd(work: (shell: Shell) => Promise<void>): Promise<never> {
	const shell = createShell(process);
	for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
		process.on(event, (error: unknown) => {
			// The full-screen app listens too: it gives the terminal back before it says what went wrong.
			if (process.listenerCount(event) === 1) {
				process.exit(explain(error, shell));
			}
		});
	}

	let exitCode: number;
	try {
		await work(shell);
		exitCode = shell.exitCode();
	} catch (error) {
		exitCode = explain(error, shell);
	}

	await shell.flush();
	process.exit(exitCode);
}

/** @throws UserError where certificates would not be checked: whoever stands in between could read every token. */
function assertTlsIsChecked(environment: NodeJS.ProcessEnv): void {
	if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
		throw new UserError(
			'NODE_TLS_REJECT_UNAUTHORIZED=0 lets whoever stands in between read your tokens. Unset it; an authority of your own is made known with NODE_EXTRA_CA_CERTS.',
		);
	}
}

/** @throws UserError where Node.js itself would print what goes over connections, and tokens with it. */
function assertNothingIsPrinted(): void {
	const section = ['net', 'tls', 'http', 'https'].find(name => debuglog(name).enabled);
	if (section !== undefined) {
		throw new UserError(
			`NODE_DEBUG with "${section}" in it prints what goes over connections, your tokens too. Take it out, or unset NODE_DEBUG.`,
		);
	}
}

/** As it may stand on a terminal: also a token that somebody gave as an argument is not said again. */
function shown(text: string): string {
	return sanitize(withoutTokens(text));
}

/** Says in one sentence what went wrong. */
function explain(error: unknown, {note, environment}: Shell): number {
	if (environment['BUCKET_BRIGADE_DEBUG']) {
		for (let one = error; one instanceof Error; one = one.cause) {
			note(one.stack ?? one.message);
		}
	}

	if (error instanceof CommanderError) {
		return explainUsage(error, note);
	}

	if (error instanceof UserError) {
		note(shown(error.message));
		return error.exitCode;
	}

	const text = error instanceof Error ? error.message : String(error);
	note(shown(text === '' ? 'Something went wrong, and nothing says what.' : text));
	return 1;
}

function explainUsage({code, message, exitCode}: CommanderError, note: Shell['note']): number {
	if (exitCode === 0) {
		return 0;
	}

	if (code !== 'commander.help') {
		const sentence = shown(
			message
				.replace(/^error: /, '')
				.replaceAll(/\s+/g, ' ')
				.trim(),
		);
		note(`Wrong usage: ${sentence.replace(/\.$/, '')}. ${help}`);
	}

	return 2;
}
