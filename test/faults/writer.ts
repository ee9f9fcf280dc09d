import {createLedger} from '../../source/accounts/ledger.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {openJournal} from '../../source/runs/journal.ts';
import {resolveHome} from '../../source/store/home.ts';
import {openStateDatabase} from '../../source/store/state-database.ts';
import {openStore} from '../../source/store/store.ts';
import {openVault} from '../../source/store/vault.ts';
import {systemClock} from '../../source/system/clock.ts';
import {account, journalIn, ledgerLimit, runId, type Written} from './written.ts';

/*
Writes numbers into one of the things that must never be lost, for ever: says each number once its writing has been acknowledged, and
tries one again whose writing failed.
Its arguments are what is written, the home, and the first number.
*/
const [what = '', folder = '', first = '1'] = process.argv.slice(2);
const home = resolveHome({BUCKET_BRIGADE_HOME: folder});

async function prepare(): Promise<(number: number) => Promise<void> | void> {
	switch (what as Written) {
		case 'store': {
			const store = await openStore(home, systemClock);
			return async number => {
				await store.update(contents => ({
					...contents,
					plans: [PlanSchema.parse({name: `plan-${number}`, organization: 'acme'})],
				}));
			};
		}

		case 'vault': {
			const vault = await openVault(home, {PATH: process.env['PATH']}, systemClock);
			return async number => vault.set('number', String(number));
		}

		case 'ledger': {
			const ledger = createLedger(openStateDatabase(home.state), systemClock);
			return () => {
				ledger.settle(ledger.record(account, 'api', ledgerLimit));
			};
		}

		case 'journal': {
			const journal = openJournal(journalIn(folder), runId, systemClock);
			return number => journal.write({type: 'repository-started', repository: String(number)});
		}
	}
}

const write = await prepare();
for (let number = Number(first); ; ) {
	try {
		await write(number);
		process.stdout.write(`${number}\n`);
		number += 1;
	} catch {
		// Its disk fails: nothing was acknowledged.
	}

	// Lets the word out.
	await new Promise(resolve => setImmediate(resolve));
}
