import {Command} from 'commander';
import {verificationHeadline} from '../actions/verification-text.ts';
import {type Verification, verifyPlan} from '../actions/verify.ts';
import {countOf, formatNumber} from '../runs/amounts.ts';
import {sanitize} from '../system/sanitize.ts';
import type {Shell} from './shell.ts';
import {listenForStop} from './signals.ts';
import {withWorkplace} from './with-workplace.ts';

type VerifyOptions = {readonly json?: boolean; readonly repair: boolean; readonly destination?: string};

export function verifyCommand(shell: Shell): Command {
	return new Command('verify')
		.description(
			'read the backups of a plan on disk, compare every byte with what it should be, and repair what is damaged (exit code 1: something stays damaged; 3: something could not be verified)',
		)
		.argument('<plan>')
		.argument('[repository]', 'slug, uuid or folder of one of them (default: all that the plan covers)')
		.option('--destination <dir>', "where the backups lie, instead of the plan's own destination")
		.option('--json', 'print JSON')
		.option('--repair', 'repair what is damaged, from Bitbucket where it still has it', true)
		.option('--no-repair', 'only say what is damaged, and change nothing')
		.action(async (plan: string, repository: string | undefined, options: VerifyOptions) => {
			await withWorkplace(shell, async workplace => {
				const stop = listenForStop();
				try {
					const {verifications, exitCode} = await verifyPlan(workplace, plan, {
						repository,
						destination: options.destination,
						repair: options.repair,
						signal: stop.signal,
						onVerified: verification => {
							const say = options.json ? shell.note : shell.line;
							(options.json ? [verificationHeadline(verification)] : linesOf(verification)).forEach(say);
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
		verificationHeadline(verification),
		...findings.map(({state, text}) => `  ${state}: ${text}`),
		...repairs.map(text => `  ${sanitize(text)}`),
	];
}

const states = ['whole', 'repaired', 'damaged', 'not-verified'] as const;

function summary(verifications: readonly Verification[]): string {
	const counts = states
		.map(state => [verifications.filter(each => each.state === state).length, state] as const)
		.filter(([count]) => count > 0)
		.map(([count, state]) => `${formatNumber(count)} ${state.replace('-', ' ')}`);
	return `Verified ${countOf(verifications.length, 'mirror', 'mirrors')}: ${counts.join(', ')}.`;
}
