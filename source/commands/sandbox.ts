import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Command, Option} from 'commander';
import {parseQuotaLimit, type QuotaLimit, type Resource, resources} from '../model/quota-limit.ts';
import type {Sandbox} from '../sandbox/start-sandbox.ts';
import {UserError} from '../system/user-error.ts';
import {parseLimit, parseWhole} from './parse.ts';
import {type SandboxDescription, sandboxLines} from './sandbox-lines.ts';
import type {Shell} from './shell.ts';
import {listenForStop} from './signals.ts';

type SandboxCommandOptions = {
	readonly port?: number;
	readonly repositories?: number;
	readonly pullRequests?: number;
	readonly accounts?: number;
	readonly seed?: number;
	readonly folder?: string;
	readonly latency?: number;
	readonly json?: boolean;
	readonly untilInputEnds?: boolean;
} & {readonly [Limit in `${Resource}Limit`]?: string};

export function sandboxCommand(shell: Shell): Command {
	const command = new Command('sandbox')
		.description('start a local Bitbucket Cloud stand-in: REST, Git and limits, with a generated workspace')
		.option('--port <number>', 'port on 127.0.0.1 (default: any free one)', parseWhole(0, 65_535))
		.option('--repositories <number>', 'repositories of the workspace (default: 12)', parseWhole(0, 100_000))
		.option('--pull-requests <number>', 'pull requests of each repository', parseWhole(0, 10_000))
		.option('--accounts <number>', 'user accounts besides the primary one (default: 3)', parseWhole(0, 1000))
		.option('--seed <number>', 'the same seed makes the same workspace', parseWhole(0, 999_999_999))
		.option('--folder <dir>', 'where its Git data lie (default: a temporary folder, removed at the end)')
		.option('--latency <milliseconds>', 'before each answer', parseWhole(0, 60_000));
	for (const resource of resources) {
		command.option(
			`--${resource}-limit <limit>`,
			`requests to ${resource} that each account may send: 1000/1h`,
			parseLimit,
		);
	}

	return command
		.option('--json', 'print the addresses and accounts as one line of JSON')
		.addOption(new Option('--until-input-ends', 'end when standard input does').hideHelp())
		.action(async (options: SandboxCommandOptions) => {
			const stop = listenForStop();
			const sandbox = await started(options);
			try {
				const description = await describeSandbox(sandbox, options);
				if (options.json) {
					shell.json(description);
				} else {
					sandboxLines(description).forEach(shell.line);
				}

				await Promise.race([
					aborted(AbortSignal.any([stop.signal, shell.outputClosed])),
					...(options.untilInputEnds ? [ended(shell.input)] : []),
				]);
			} finally {
				await sandbox.close();
				stop.release();
			}
		});
}

async function started(options: SandboxCommandOptions): Promise<Sandbox> {
	const {SandboxError, startSandbox} = await import('../sandbox/start-sandbox.ts');
	const {port, repositories, pullRequests, accounts, seed, folder, latency} = options;
	try {
		return await startSandbox({
			...(port === undefined ? {} : {port}),
			...(repositories === undefined ? {} : {repositories}),
			...(pullRequests === undefined ? {} : {pullRequests}),
			...(accounts === undefined ? {} : {accounts}),
			...(seed === undefined ? {} : {seed}),
			...(folder === undefined ? {} : {folder}),
			...(latency === undefined ? {} : {latencyMilliseconds: latency}),
			limits: limitsIn(options),
		});
	} catch (error) {
		throw error instanceof SandboxError ? new UserError(error.message, {cause: error}) : error;
	}
}

function limitsIn(options: SandboxCommandOptions): Partial<Record<Resource, QuotaLimit>> {
	return Object.fromEntries(
		resources.flatMap(resource => {
			const text = options[`${resource}Limit`];
			const limit = text === undefined ? undefined : parseQuotaLimit(text);
			return limit === undefined ? [] : [[resource, limit]];
		}),
	);
}

/** Writes each secret to a file of its own, so that none has to stand on a screen or a command line. */
async function describeSandbox(
	sandbox: Sandbox,
	{apiLimit}: SandboxCommandOptions,
): Promise<SandboxDescription> {
	const {apiUrl, gitUrl, workspace, folder} = sandbox;
	const secrets = join(folder, 'secrets');
	await mkdir(secrets, {recursive: true, mode: 0o700});
	const credentials: Array<SandboxDescription['credentials'][number]> = [];
	for (const {label, kind, username, secret, account, reach} of sandbox.credentials) {
		const secretFile = join(secrets, label);
		await writeFile(secretFile, `${secret}\n`, {mode: 0o600});
		credentials.push({
			label,
			kind,
			...(username === undefined ? {} : {username}),
			account,
			secretFile,
			...(reach === undefined ? {} : {reach}),
		});
	}

	return {apiUrl, gitUrl, workspace, folder, ...(apiLimit === undefined ? {} : {apiLimit}), credentials};
}

async function aborted(signal: AbortSignal): Promise<void> {
	await new Promise<void>(resolve => {
		if (signal.aborted) {
			resolve();
		}

		signal.addEventListener('abort', () => {
			resolve();
		});
	});
}

async function ended(input: NodeJS.ReadStream): Promise<void> {
	await new Promise<void>(resolve => {
		input.once('end', resolve).once('close', resolve).resume();
	});
}
