import type {Notifications} from '../../model/notifications.ts';
import type {Redactor} from '../../system/redactor.ts';
import {type CommandEnd, runCommand} from '../../system/run-command.ts';
import {sanitize} from '../../system/sanitize.ts';
import type {Workplace} from '../workplace.ts';

/** What a notification command is told. */
export type Message = {
	/** The first one is the subject. */
	readonly lines: readonly string[];
	readonly run: string;
	readonly plan: string;
	/** How the run ended, or `test`. */
	readonly status: string;
};

export type Told = {
	/** What the command printed, as one line that is safe to show. */
	readonly output: string;
	/** Why it could not be told, in one sentence. */
	readonly problem?: string;
};

/** After so long a command is killed, with all that it started. */
const limitMilliseconds = 60_000;

const longestOutput = 300;

/** Runs the notification command: the message on its standard input, a few facts in its environment. Never throws. */
export async function tell(
	{environment, redactor, clock}: Pick<Workplace, 'environment' | 'redactor' | 'clock'>,
	{command}: Pick<Notifications, 'command'>,
	{lines, ...facts}: Message,
): Promise<Told> {
	const {end, output} = await runCommand(command, {
		environment: notificationEnvironment(environment, redactor, facts),
		input: `${lines.map(line => redactor.redact(line)).join('\n')}\n`,
		clock,
		limitMilliseconds,
	});
	// Once more afterwards: what is taken out may have stood in the midst of a secret.
	const said = redactor.redact(sanitize(redactor.redact(output.trim()))).slice(0, longestOutput);
	const problem = problemOf(end);
	return {
		output: said,
		...(problem === undefined
			? {}
			: {
					problem: redactor.redact(
						`The notification command "${sanitize(command[0])}" ${problem}${said === '' ? '' : `: ${said}`}. Try it with: bucket-brigade notifications test`,
					),
				}),
	};
}

/** How our own secrets are found is nobody else's business. */
const withheld = /^(BUCKET_BRIGADE_.*|CREDENTIALS_DIRECTORY)$/;

/**
The environment of a notification command: the user's own, so that it finds their programs and settings, without what leads to
secrets and without every variable that holds one; and what it is told.
*/
export function notificationEnvironment(
	environment: NodeJS.ProcessEnv,
	redactor: Pick<Redactor, 'redact'>,
	{run, plan, status}: Omit<Message, 'lines'>,
): Record<string, string> {
	const taken = Object.entries(environment).flatMap(([name, value]) =>
		value === undefined || withheld.test(name) || redactor.redact(value) !== value
			? []
			: [[name, value] as const],
	);
	return {
		...Object.fromEntries(taken),
		BUCKET_BRIGADE_RUN: run,
		BUCKET_BRIGADE_PLAN: plan,
		BUCKET_BRIGADE_STATUS: status,
	};
}

function problemOf(end: CommandEnd['end']): string | undefined {
	switch (end.kind) {
		case 'exited':
			return end.code === 0 ? undefined : `failed with exit code ${end.code}`;
		case 'killed':
			return `was ended by ${end.signal}`;
		case 'late':
			return `was not done after ${limitMilliseconds / 1000} seconds, and was ended`;
		case 'not-started':
			return `cannot be started (${end.reason})`;
	}
}
