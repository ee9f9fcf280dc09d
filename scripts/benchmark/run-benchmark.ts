import {measureAccounts} from './accounts.ts';

/* Prints ratios of things measured in this same run; absolute times say more of the machine than of the program. */
console.log('First backup of the sandbox’s workspace, 40 requests in 10 s for each account');
const figures = [];
for (const accounts of [1, 2, 4]) {
	const measured = await measureAccounts(accounts);
	figures.push(measured);
	console.log(
		[
			`${accounts} account${accounts === 1 ? ' ' : 's'}`,
			`${measured.seconds.toFixed(1)} s`,
			`${(measured.seconds / Math.max(1, measured.boundSeconds)).toFixed(2)} × the bound of the quotas (${measured.boundSeconds} s)`,
			`${measured.apiRequests} api requests, ${measured.throttled} answered 429`,
			`spread ${measured.spread.toFixed(2)}`,
		].join('  '),
	);
}

const [one, , four] = figures;
if (one !== undefined && four !== undefined) {
	console.log(`Four accounts were ${(one.seconds / four.seconds).toFixed(2)} times as fast as one.`);
}
