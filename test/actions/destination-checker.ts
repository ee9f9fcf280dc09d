import {checkDestination} from '../../source/actions/check-destination.ts';
import {openWorkplace} from '../../source/actions/workplace.ts';

/*
Looks at folders in a process of its own, which becomes a user without any rights where root has started it: root may write
everywhere. Its arguments are a home and the folders; it says what it finds of them as JSON.
*/
const [, , home = '', ...folders] = process.argv;
const workplace = await openWorkplace({BUCKET_BRIGADE_HOME: home});
const nobody = 65_534;
if (process.getuid?.() === 0) {
	process.setgroups?.([]);
	process.setgid?.(nobody);
	process.setuid?.(nobody);
}

const checks = await Promise.all(folders.map(async folder => checkDestination(workplace, folder)));
process.stdout.write(JSON.stringify(checks));
