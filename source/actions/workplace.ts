import {createLedger, type Ledger} from '../accounts/ledger.ts';
import {createReachMemories, type ReachMemories} from '../accounts/reach-memory.ts';
import {type Catalog, createCatalog} from '../store/catalog.ts';
import {type CredentialChecks, createCredentialChecks} from '../store/credential-checks.ts';
import {type Home, resolveHome} from '../store/home.ts';
import {needsPassphrase} from '../store/locked-identity.ts';
import {nobodyToAsk, type Unlocking, WrongPassphrase} from '../store/passphrases.ts';
import {createScheduleMarks, type ScheduleMarks} from '../store/schedule-marks.ts';
import {lostAt, openStateDatabase} from '../store/state-database.ts';
import {openStore, type Store} from '../store/store.ts';
import type {Vault} from '../store/vault.ts';
import {type Clock, systemClock} from '../system/clock.ts';
import {makePrivateFolder} from '../system/durable-file.ts';
import {createRedactor, type Redactor} from '../system/redactor.ts';
import {SaveFailed} from '../system/save-failed.ts';
import type {DatabaseSync} from '../system/sqlite.ts';

/** Everything that actions work with, opened once for a process. */
export type Workplace = {
	readonly home: Home;
	readonly store: Store;
	/** Opened when first asked for: what needs no secret works with a closed vault. */
	readonly vault: () => Promise<Vault>;
	/** Whether the vault opens only after a person has typed a passphrase. */
	readonly isLocked: () => Promise<boolean>;
	/** Takes the passphrase that was typed for the key. @throws UserError where it is the wrong one. */
	readonly unlock: (passphrase: string) => Promise<void>;
	readonly unlocking: Unlocking;
	readonly database: DatabaseSync;
	readonly ledger: Ledger;
	/** What runs learned of which account reaches what. */
	readonly reach: ReachMemories;
	readonly catalog: Catalog;
	readonly checks: CredentialChecks;
	/** Until when the schedules of plans were looked at. */
	readonly scheduleMarks: ScheduleMarks;
	readonly clock: Clock;
	/** Knows every secret that this process opened. */
	readonly redactor: Redactor;
	readonly environment: NodeJS.ProcessEnv;
	readonly close: () => void;
};

/**
Opens the home that the environment names (`BUCKET_BRIGADE_HOME`, else the XDG folders), making it on first use.

@param unlocking Who is asked for the passphrase of the vault's key, where it has one; by default nobody.
@throws UserError where it cannot be read or written.
*/
export async function openWorkplace(
	environment: NodeJS.ProcessEnv,
	clock: Clock = systemClock,
	unlocking: Unlocking = nobodyToAsk,
): Promise<Workplace> {
	const home = resolveHome(environment);
	await makePrivateFolder(home.runs);
	await makePrivateFolder(home.locks);
	const store = await openStore(home, clock);
	const rebuilt: string[] = [];
	const database = openStateDatabase(home.state, notice => rebuilt.push(notice));
	let vault: Promise<Vault> | undefined;

	return {
		home,
		store: {...store, notices: () => [...store.notices(), ...rebuilt]},
		vault: async () => {
			// Loaded with it, so that what needs no secret starts faster.
			vault ??= import('../store/vault.ts').then(({openVault}) =>
				openVault(home, environment, clock, unlocking),
			);
			return vault;
		},
		isLocked: async () => unlocking.handedKey === undefined && needsPassphrase(home, environment),
		unlock: async passphrase => {
			const {ownIdentity} = await import('../store/own-identity.ts');
			try {
				await ownIdentity(home, clock, passphrase);
			} catch (error) {
				throw error instanceof WrongPassphrase
					? new WrongPassphrase('That is not the passphrase, or its file is damaged: try again.')
					: error;
			}

			unlocking.passphrases.remember(passphrase);
			vault = undefined;
		},
		unlocking,
		database,
		...openTables(database, home.state, clock),
		clock,
		redactor: createRedactor(),
		environment,
		close: () => {
			database.close();
		},
	};
}

/** Whoever owns a table makes it where it is missing. @throws SaveFailed */
function openTables(
	database: DatabaseSync,
	path: string,
	clock: Clock,
): Pick<Workplace, 'ledger' | 'reach' | 'catalog' | 'checks' | 'scheduleMarks'> {
	try {
		return {
			ledger: createLedger(database, clock, {lostAt: lostAt(database)}),
			reach: createReachMemories(database, clock),
			catalog: createCatalog(database),
			checks: createCredentialChecks(database),
			scheduleMarks: createScheduleMarks(database),
		};
	} catch (error) {
		database.close();
		throw new SaveFailed(`The state database ${path}`, error);
	}
}
