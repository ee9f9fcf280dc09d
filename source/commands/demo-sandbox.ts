import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import * as z from 'zod';
import {programCommand} from '../actions/program.ts';
import {CredentialKindSchema} from '../model/credential-kind.ts';
import {UserError} from '../system/user-error.ts';
import {readText} from './shell.ts';

const DescriptionSchema = z.object({
	apiUrl: z.string(),
	gitUrl: z.string(),
	workspace: z.string(),
	credentials: z.array(
		z.object({
			label: z.string(),
			kind: CredentialKindSchema,
			username: z.string().optional(),
			secretFile: z.string(),
		}),
	),
});

export type DemoSandbox = z.infer<typeof DescriptionSchema> & {readonly stop: () => Promise<void>};

const maximumErrorBytes = 64 * 1024;

/**
Starts a sandbox in a process of its own, as a stranger would: what passes between us is HTTP.

It ends when its standard input does, so it never outlives this process, however this one ends; and it has a process
group of its own, so that Ctrl-C lets a run end before its Bitbucket does.

@throws UserError with its own words where it does not start.
*/
export async function startDemoSandbox(
	environment: NodeJS.ProcessEnv,
	options: readonly string[],
): Promise<DemoSandbox> {
	const [executable, ...first] = programCommand();
	const child = spawn(executable, [...first, 'sandbox', '--json', '--until-input-ends', ...options], {
		stdio: ['pipe', 'pipe', 'pipe'],
		env: environment,
		detached: true,
	});
	// A sandbox that is gone already takes no more input.
	child.stdin.on('error', () => undefined);
	const said = readText(child.stderr, maximumErrorBytes).catch(() => '');
	const [line] = await Promise.race([
		once(createInterface(child.stdout), 'line') as Promise<[string]>,
		exited(child).then((): [undefined] => [undefined]),
	]);
	if (line === undefined) {
		throw new UserError(`The sandbox did not start: ${(await said).trim() || 'it said nothing'}`);
	}

	child.stdout.resume();
	return {
		...DescriptionSchema.parse(JSON.parse(line)),
		stop: async () => {
			child.stdin.end();
			await exited(child);
		},
	};
}

async function exited(child: ChildProcess): Promise<void> {
	if (child.exitCode === null && child.signalCode === null) {
		await Promise.race([once(child, 'exit'), once(child, 'error')]);
	}
}
