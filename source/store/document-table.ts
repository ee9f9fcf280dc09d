import type {DatabaseSync} from '../system/sqlite.ts';

/** A table of JSON documents under a key of two parts; a document that does not fit its schema any more is left out. */
export type DocumentTable<Document> = {
	readonly get: (owner: string, key: string) => Document | undefined;
	readonly list: (owner: string) => readonly Document[];
	readonly put: (owner: string, key: string, document: Document) => void;
	readonly remove: (owner: string, key: string) => void;
};

type Schema<Document> = {
	readonly safeParse: (
		value: unknown,
	) => {readonly success: true; readonly data: Document} | {readonly success: false};
};

export function createDocumentTable<Document>(
	database: DatabaseSync,
	name: 'catalog' | 'credential_checks' | 'schedule_marks' | 'schedule_looks',
	schema: Schema<Document>,
): DocumentTable<Document> {
	database.exec(`
		CREATE TABLE IF NOT EXISTS ${name} (
			owner TEXT NOT NULL,
			key TEXT NOT NULL,
			document TEXT NOT NULL,
			PRIMARY KEY (owner, key)
		) STRICT
	`);
	const select = database.prepare(`SELECT document FROM ${name} WHERE owner = ? AND key = ?`);
	const selectAll = database.prepare(`SELECT document FROM ${name} WHERE owner = ? ORDER BY key`);
	const upsert = database.prepare(
		`INSERT INTO ${name} (owner, key, document) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document`,
	);
	const remove = database.prepare(`DELETE FROM ${name} WHERE owner = ? AND key = ?`);

	const read = (row: unknown): Document | undefined => {
		const text = (row as {document: string} | undefined)?.document;
		if (text === undefined) {
			return undefined;
		}

		const parsed = schema.safeParse(parseJson(text));
		return parsed.success ? parsed.data : undefined;
	};

	return {
		get: (owner, key) => read(select.get(owner, key)),
		list: owner => selectAll.all(owner).flatMap(row => read(row) ?? []),
		put: (owner, key, document) => {
			upsert.run(owner, key, JSON.stringify(document));
		},
		remove: (owner, key) => {
			remove.run(owner, key);
		},
	};
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
