import {Command} from 'commander';
import {cancelRun, followRun, listRuns, startDetachedRun} from '../actions/runs.ts';
import type {Workplace} from '../actions/workplace.ts';
import {type AppOptions, addAppOptions, openApp} from './app.ts';
import {type DemoHome, openDemoHome} from './demo-home.ts';
import {startDemoSandbox} from './demo-sandbox.ts';
import {demoPlan, setUpDemo} from './demo-setup.ts';
import {parseLimit, parseWhole} from './parse.ts';
import {runInForeground} from './run.ts';
import type {Shell} from './shell.ts';
import {listenForStop, outlastTerminal} from './signals.ts';
import {withWorkplace} from './with-workplace.ts';

type DemoOptions = AppOptions & {
	readonly headless?: boolean;
	readonly home?: string;
	readonly repositories?: number;
	readonly pullRequests?: number;
	readonly apiLimit: string;
};

/** Small enough that one sees quotas fill, wait and free within a minute. */
const demoLimit = '40/15s';

export function demoCommand(shell: Shell): Command {
	return addAppOptions(new Command('demo'))
		.description(
			'try everything on a built-in Bitbucket stand-in; your own settings and backups are not touched',
		)
		.option('--headless', 'run the plan and print its progress, without the full-screen app')
		.option('--home <dir>', 'keep the demo in this folder (default: a throw-away one)')
		.option('--repositories <number>', 'repositories of the workspace (default: 12)', parseWhole(0, 100_000))
		.option('--pull-requests <number>', 'pull requests of each repository', parseWhole(0, 10_000))
		.option('--api-limit <limit>', 'API requests that each account may send', parseLimit, demoLimit)
		.action(async (_: DemoOptions, command: Command) => {
			// The program has the app's options too, and takes them wherever they stand.
			const options = command.optsWithGlobals<DemoOptions>();
			const release = outlastTerminal();
			const home = await openDemoHome(shell.environment, options.home);
			try {
				await onSandbox(shell, home, options);
			} finally {
				await home.close();
				release();
			}
		});
}

async function onSandbox(shell: Shell, home: DemoHome, options: DemoOptions): Promise<void> {
	const isHeadless = options.headless ?? !shell.isTerminal;
	// Stopped while everything is still being set up, the demo clears away what there is of it.
	const stop = listenForStop();
	shell.note('Starting a Bitbucket stand-in and connecting its workspace …');
	const sandbox = await startDemoSandbox(home.environment, [
		'--api-limit',
		options.apiLimit,
		...numberOption('--repositories', options.repositories),
		...numberOption('--pull-requests', options.pullRequests),
	]);
	try {
		await withWorkplace(
			shell,
			async workplace => {
				await setUpDemo(workplace, sandbox, options.apiLimit);
				stop.release();
				if (stop.signal.aborted) {
					return 130;
				}

				return isHeadless ? runHeadless(shell, workplace, home) : openDemoApp(workplace, options);
			},
			{environment: home.environment},
		);
	} finally {
		await sandbox.stop();
		stop.release();
	}
}

async function runHeadless(shell: Shell, workplace: Workplace, home: DemoHome): Promise<number> {
	const exitCode = await runInForeground(shell, workplace, demoPlan, {});
	shell.line('');
	shell.line(
		home.isKept
			? `The backups lie in ${workplace.home.backups}: bare Git repositories, readable with git alone.`
			: 'The demo and its backups are removed now. Keep them with: bucket-brigade demo --headless --home DIR',
	);
	return exitCode;
}

/** The app, on the live view of a run that has just begun. What still runs when it is left is ended: its Bitbucket goes too. */
async function openDemoApp(workplace: Workplace, options: AppOptions): Promise<number> {
	const {run} = await startDetachedRun(workplace, demoPlan);
	try {
		return await openApp(workplace, options, {startAt: {screen: 'run', run}, banner: 'demo'});
	} finally {
		for (const running of (await listRuns(workplace)).filter(one => one.status === 'running')) {
			await cancelRun(workplace, running.run).catch(() => undefined);
			for await (const _ of followRun(workplace, running.run)) {
				// Until its last word.
			}
		}
	}
}

function numberOption(name: string, value: number | undefined): string[] {
	return value === undefined ? [] : [name, String(value)];
}
