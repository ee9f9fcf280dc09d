import {join} from 'node:path';
import {createLedger} from '../../source/accounts/ledger.ts';
import {readJournal} from '../../source/runs/read-journal.ts';
import {resolveHome} from '../../source/store/home.ts';
import {openStateDatabase} from '../../source/store/state-database.ts';
import {openStore} from '../../source/store/store.ts';
import {openVault} from '../../source/store/vault.ts';
import {systemClock} from '../../source/system/clock.ts';

/** What is written to while its writer is killed. */
export const written = ['store', 'vault', 'ledger', 'journal'] as const;
export type Written = (typeof written)[number];

export const account = '{account}';
export const ledgerLimit = {requests: 1_000_000_000, windowMilliseconds: 3_600_000} as const;
export const runId = '20261122T020000.000Z-nightly';
export const journalIn = (folder: string): string => join(folder, 'journal.ndjson');

/**
Reads what is left of what was written, as the next process would.

@returns the last number that is there (of a ledger, how many were counted); notices of anything that was found damaged.
*/
export async function readWritten(
	what: Written,
	folder: string,
): Promise<{readonly last: number; readonly notices: readonly string[]}> {
	const home = resolveHome({BUCKET_BRIGADE_HOME: folder});
	switch (what) {
		case 'store': {
			const store = await openStore(home, systemClock);
			const [plan] = (await store.read()).plans;
			return {last: Number(plan?.name.replace('plan-', '') ?? 0), notices: store.notices()};
		}

		case 'vault': {
			const vault = await openVault(home, {PATH: process.env['PATH']}, systemClock);
			return {last: Number((await vault.get('number')) ?? 0), notices: []};
		}

		case 'ledger': {
			const notices: string[] = [];
			const database = openStateDatabase(home.state, notice => notices.push(notice));
			const {used} = createLedger(database, systemClock).usage(account, 'api');
			database.close();
			return {last: used, notices};
		}

		case 'journal': {
			const notices: string[] = [];
			let last = 0;
			for await (const event of readJournal(journalIn(folder), {onUnreadable: line => notices.push(line)})) {
				const number = event.type === 'repository-started' ? Number(event.repository) : Number.NaN;
				if (number !== last + 1) {
					notices.push(`${number} follows ${last}`);
				}

				last = number;
			}

			return {last, notices};
		}
	}
}
