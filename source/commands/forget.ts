import {Command} from 'commander';
import {acceptChange, type ForgottenMirror, forget} from '../actions/forget.ts';
import {parseKeep} from '../actions/keep-text.ts';
import {UserError} from '../system/user-error.ts';
import {forgottenJson, forgottenLines} from './forget-texts.ts';
import type {Shell} from './shell.ts';
import {listenForStop} from './signals.ts';
import {withWorkplace} from './with-workplace.ts';

type Options = {
	readonly dryRun?: boolean;
	readonly keep?: string;
	readonly ofAnyPlan?: boolean;
	readonly acceptChange?: boolean;
	readonly json?: boolean;
};

const more = `
Every run of a plan with rules does the same at the end of each repository's backup. The newest snapshot and the last one
that lacks nothing always stay. What several plans back up to the same destination goes only where all of them let it go.
Git objects are freed some time after their snapshot: when it is worth packing the repository anew, and then 14 days later.
After a mass change upstream (most refs gone, the default branch rewritten) nothing of a repository is removed until you
accept it with --accept-change.`;

export function forgetCommand(shell: Shell): Command {
	return new Command('forget')
		.description("remove old snapshots, as the plan's rules say, and what only they needed")
		.argument('<plan>')
		.argument('[repository]', 'slug, uuid or folder of one repository (default: all that the plan covers)')
		.option('--dry-run', 'say what would stay, why, and what would go; change nothing')
		.option('--keep <rules>', "instead of the plan's rules: last=7,daily=7,weekly=8,within=1y6m")
		.option(
			'--of-any-plan',
			'also snapshots of plans that are not known here: removed, renamed, or another machine’s',
		)
		.option(
			'--accept-change',
			'let the rules hold again for a repository after a mass change; removes nothing itself',
		)
		.option('--json', 'print JSON')
		.addHelpText('after', more)
		.action(async (plan: string, repository: string | undefined, options: Options) => {
			await withWorkplace(shell, async workplace => {
				if (options.acceptChange) {
					assertAlone(repository, options);
					const accepted = await acceptChange(workplace, plan, repository);
					printAccepted(shell, accepted, options.json ?? false);
					return 0;
				}

				const stop = listenForStop();
				try {
					const wanted = {
						repository,
						dryRun: options.dryRun,
						ofAnyPlan: options.ofAnyPlan,
						keep: options.keep === undefined ? undefined : parseKeep(options.keep),
						signal: AbortSignal.any([stop.signal, shell.outputClosed]),
					};
					return await print(shell, forget(workplace, plan, wanted), {...options, plan});
				} catch (error) {
					if (stop.signal.aborted) {
						return 130;
					}

					throw error;
				} finally {
					stop.release();
				}
			});
		});
}

/** @returns the exit code. */
async function print(
	shell: Shell,
	mirrors: AsyncIterable<ForgottenMirror>,
	{plan, dryRun = false, json}: Options & {readonly plan: string},
): Promise<number> {
	const all: ForgottenMirror[] = [];
	for await (const mirror of mirrors) {
		all.push(mirror);
		if (!json) {
			forgottenLines(mirror, plan, dryRun).forEach(shell.line);
		}
	}

	if (json) {
		shell.json(all.map(mirror => forgottenJson(mirror, dryRun)));
	} else if (all.length === 0) {
		shell.line('Nothing that the plan covers was backed up yet.');
	}

	return all.some(({failure}) => failure !== undefined) ? 3 : 0;
}

function assertAlone(repository: string | undefined, options: Options): asserts repository is string {
	if (repository === undefined) {
		throw new UserError('Say which repository: a change is accepted for one at a time.', {exitCode: 2});
	}

	if (options.dryRun || options.keep !== undefined || options.ofAnyPlan) {
		throw new UserError(
			'--accept-change stands alone: what goes then is said by the next forget --dry-run.',
			{
				exitCode: 2,
			},
		);
	}
}

function printAccepted(
	shell: Shell,
	{name, frozen}: Awaited<ReturnType<typeof acceptChange>>,
	json: boolean,
): void {
	if (json) {
		shell.json({repository: name, accepted: {since: frozen.since, reason: frozen.reason}});
	} else {
		shell.line(`Accepted for ${name}: ${frozen.reason} (${frozen.since}). The rules hold for it again.`);
	}
}
