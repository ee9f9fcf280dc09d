import * as z from 'zod';
import type {Clock} from '../system/clock.ts';
import type {DatabaseSync} from '../system/sqlite.ts';

/** An account may not do something. Empty strings stand for any operation, and for anywhere. */
export type RememberedDenial = {
	readonly account: string;
	readonly operation: string;
	readonly repository: string;
	readonly missingScopes: readonly string[];
};

/**
What earlier runs learned of who reaches what in one workspace. It spares questions and decides nothing for good: it is
forgotten after a while, since people change permissions.
*/
export type ReachMemory = {
	readonly denials: () => readonly RememberedDenial[];
	readonly deny: (denial: RememberedDenial) => void;
	readonly allow: (denial: Pick<RememberedDenial, 'account' | 'operation' | 'repository'>) => void;
	/** Slugs of all repositories that the account sees; undefined where that is not known. */
	readonly visible: (account: string) => readonly string[] | undefined;
	readonly putVisible: (account: string, repositories: readonly string[]) => void;
	/** What was learned of an account may not hold any more. */
	readonly forget: (account: string) => void;
};

/** The memory of every workspace. */
export type ReachMemories = (workspace: string) => ReachMemory;

const day = 86_400_000;

/** A permission that was missing is asked about again after so long, and the list of a token's repositories made anew. */
const validMilliseconds = day;

const ListSchema = z.array(z.string());

const tables = `
	CREATE TABLE IF NOT EXISTS reach_denials (
		workspace TEXT NOT NULL,
		account TEXT NOT NULL,
		operation TEXT NOT NULL,
		repository TEXT NOT NULL,
		missing_scopes TEXT NOT NULL,
		learned_at INTEGER NOT NULL,
		PRIMARY KEY (workspace, account, operation, repository)
	) STRICT, WITHOUT ROWID;
	CREATE TABLE IF NOT EXISTS reach_visible (
		workspace TEXT NOT NULL,
		account TEXT NOT NULL,
		repositories TEXT NOT NULL,
		learned_at INTEGER NOT NULL,
		PRIMARY KEY (workspace, account)
	) STRICT, WITHOUT ROWID;
`;

/** Keeps what is learned in the state database. */
export function createReachMemories(database: DatabaseSync, clock: Clock): ReachMemories {
	database.exec(tables);
	const denials = database.prepare(
		'SELECT account, operation, repository, missing_scopes AS missingScopes FROM reach_denials WHERE workspace = ? AND learned_at BETWEEN ? AND ?',
	);
	const deny = database.prepare(
		'INSERT OR REPLACE INTO reach_denials (workspace, account, operation, repository, missing_scopes, learned_at) VALUES (?, ?, ?, ?, ?, ?)',
	);
	const allow = database.prepare(
		'DELETE FROM reach_denials WHERE workspace = ? AND account = ? AND operation = ? AND repository = ?',
	);
	const visible = database.prepare(
		'SELECT repositories FROM reach_visible WHERE workspace = ? AND account = ? AND learned_at BETWEEN ? AND ?',
	);
	const putVisible = database.prepare(
		'INSERT OR REPLACE INTO reach_visible (workspace, account, repositories, learned_at) VALUES (?, ?, ?, ?)',
	);
	const forgets = ['reach_denials', 'reach_visible'].map(table =>
		database.prepare(`DELETE FROM ${table} WHERE workspace = ? AND account = ?`),
	);

	return workspace => ({
		denials: () =>
			denials.all(workspace, clock.now() - validMilliseconds, clock.now()).map(row => {
				const {missingScopes, ...denial} = row as Omit<RememberedDenial, 'missingScopes'> & {
					missingScopes: string;
				};
				return {...denial, missingScopes: parseList(missingScopes) ?? []};
			}),
		deny: ({account, operation, repository, missingScopes}) => {
			const now = Math.round(clock.now());
			deny.run(workspace, account, operation, repository, JSON.stringify(missingScopes), now);
		},
		allow: ({account, operation, repository}) => {
			allow.run(workspace, account, operation, repository);
		},
		visible: account => {
			const row = visible.get(workspace, account, clock.now() - validMilliseconds, clock.now());
			return row === undefined ? undefined : parseList((row as {repositories: string}).repositories);
		},
		putVisible: (account, repositories) => {
			putVisible.run(workspace, account, JSON.stringify(repositories), Math.round(clock.now()));
		},
		forget: account => {
			for (const statement of forgets) {
				statement.run(workspace, account);
			}
		},
	});
}

/** For a pool that learns for itself alone. */
export const noReachMemory: ReachMemory = {
	denials: () => [],
	deny: () => undefined,
	allow: () => undefined,
	visible: () => undefined,
	putVisible: () => undefined,
	forget: () => undefined,
};

function parseList(text: string): readonly string[] | undefined {
	try {
		return ListSchema.safeParse(JSON.parse(text)).data;
	} catch {
		return undefined;
	}
}
