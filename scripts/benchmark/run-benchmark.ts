import {printApp} from './print-app.ts';
import {printDisk, printGitSpeed, printRequests, printScale, printVerify} from './print-backups.ts';
import {printPool} from './print-pool.ts';

/*
Prints ratios of things measured in this same run; absolute times say more of the machine than of the program. Names of parts as
arguments: only these.
*/
const parts: Readonly<Record<string, () => Promise<void>>> = {
	pool: printPool,
	requests: printRequests,
	git: printGitSpeed,
	disk: printDisk,
	verify: printVerify,
	scale: printScale,
	app: printApp,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter(name => parts[name] === undefined);
if (unknown.length > 0) {
	console.error(`There is no part ${unknown.join(', ')}; there are: ${Object.keys(parts).join(', ')}.`);
	process.exit(2);
}

for (const [name, print] of Object.entries(parts)) {
	if (chosen.length === 0 || chosen.includes(name)) {
		await print();
		console.log('');
	}
}
