import {emptyLine, paragraphLines, type TextLine} from '../../components/text-lines.tsx';
import {adviceLines} from '../credential/advice-lines.ts';
import type {FirstStepName} from './first-steps.ts';

/** What is to be known for a step, and what happens when it is done. */
export function stepLines(name: FirstStepName | undefined, plan: string, width: number): readonly TextLine[] {
	const say = (text: string): readonly TextLine[] => paragraphLines(text, width);
	switch (name) {
		case 'organization':
			return [
				...say(
					'An organization is a Bitbucket workspace. Every request for it is signed in with its primary credential, for which an API token is best: of a user who may see all that is to be backed up, as an administrator of the repositories.',
				),
				emptyLine,
				...adviceLines('api-token', width),
			];
		case 'credentials':
			return [
				...say(
					'Bitbucket allows each account 1,000 API requests an hour. Each further account adds as many: with five accounts a backup has five times the quota. Two tokens of one user are one account and add nothing.',
				),
				emptyLine,
				...say(
					'Make the same kind of token as another user, or an access token of the workspace, and add it here. Each is checked as the first one was. As many as you like, now or at any time: DevOps, Edit, Additional credentials.',
				),
			];
		case 'plan':
			return [
				...say(
					'A plan says which repositories are backed up, what of them, where to, and over which accounts. The form is filled with what suits most: all repositories, everything around Git, every snapshot kept, all accounts that add quota.',
				),
				emptyLine,
				...say(
					'Look at the destination: it is told whether the folder is there or can be made, and how much room it has.',
				),
			];
		case 'run':
			return [
				...say(
					`The plan ${plan} is ready. Its first run reads everything once and takes the longest; it goes on by itself when you leave the view or the terminal, and one that is cancelled or killed goes on where it stopped.`,
				),
				emptyLine,
				...say(
					'Later runs take what has changed. They are started here, or by cron or a timer: bucket-brigade run PLAN.',
				),
			];
		case undefined:
			return say('The first run was made. Runs shows what came of it, Plans runs it again.');
	}
}
