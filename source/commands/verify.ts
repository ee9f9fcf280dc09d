import {Command} from 'commander';
import {type Verification, verifyPlan} from '../actions/verify.ts';
import {countOf, formatBytes} from '../runs/amounts.ts';
import {sanitize} from '../system/sanitize.ts';
import type {Shell} from './shell.ts';
import {listenForStop} from './signals.ts';
import {withWorkplace} from './with-workplace.ts';

type VerifyOptions = {readonly json?: boolean; readonly repair: boolean};

export function verifyCommand(shell: Shell): Command {
	return new Command('verify')
		.description(
			'read the backups of a plan on disk, compare every byte with what it should be, and repair what is damaged (exit code 1: something stays damaged; 3: something could not be verified)',
		)
		.argument('<plan>')
		.argument('[repository]', 'slug, uuid or folder of one of them (default: all that the plan covers)')
		.option('--json', 'print JSON')
		.option('--repair', 'repair what is damaged, from Bitbucket where it still has it', true)
		.option('--no-repair', 'only say what is damaged, and change nothing')
		.action(async (plan: string, repository: string | undefined, options: VerifyOptions) => {
			await withWorkplace(shell, async workplace => {
				const stop = listenForStop();
				try {
					const {verifications, exitCode} = await verifyPlan(workplace, plan, {
						repository,
						repair: options.repair,
						signal: stop.signal,
						onVerified: verification => {
							const say = options.json ? shell.note : shell.line;
							(options.json ? [headline(verification)] : linesOf(verification)).forEach(say);
						},
					});
					if (options.json) {
						shell.json(verifications);
					} else {
						shell.line(summary(verifications));
					}

					return exitCode;
				} catch (error) {
					if (stop.signal.aborted) {
						shell.note('The verification was cancelled.');
						return 130;
					}

					throw error;
				} finally {
					stop.release();
				}
			});
		});
}

/** One mirror as lines for people. */
export function linesOf(verification: Verification): readonly string[] {
	const {findings, repairs} = verification;
	return [
		headline(verification),
		...findings.map(({state, text}) => `  ${state}: ${text}`),
		...repairs.map(text => `  ${sanitize(text)}`),
	];
}

function headline({repository, kind, state, snapshots, objects, bytes}: Verification): string {
	const name = kind === 'snippet' ? `snippet ${repository}` : repository;
	const what = [
		countOf(snapshots, 'snapshot', 'snapshots'),
		countOf(objects, 'object', 'objects'),
		formatBytes(bytes),
	];
	return sanitize(`${name}: ${state === 'not-verified' ? 'not verified' : `${state}, ${what.join(', ')}`}`);
}

const states = ['whole', 'repaired', 'damaged', 'not-verified'] as const;

function summary(verifications: readonly Verification[]): string {
	const counts = states
		.map(state => [verifications.filter(each => each.state === state).length, state] as const)
		.filter(([count]) => count > 0)
		.map(([count, state]) => `${count} ${state.replace('-', ' ')}`);
	return `Verified ${countOf(verifications.length, 'mirror', 'mirrors')}: ${counts.join(', ')}.`;
}
