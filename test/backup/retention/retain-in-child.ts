import {retain} from '../../../source/backup/retention/retain.ts';
import {workIn} from './mirror-history.ts';

/*
A pass of retention in a process of its own, for a test that kills it: the mirror's folder and the time are its arguments; the
name of each step goes to standard output before it is taken.
*/
const [folder = '', now = ''] = process.argv.slice(2);
await workIn(folder, async mirror =>
	retain(mirror, {
		policies: [{plan: 'nightly', rules: {last: 1}}],
		isKnownPlan: () => true,
		now: Number(now),
		before: step => {
			process.stdout.write(`${step}\n`);
		},
	}),
);
