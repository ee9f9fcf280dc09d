import * as z from 'zod';
import {ResourceSchema} from '../model/quota-limit.ts';
import {RepositoryStatusSchema} from '../model/repository-status.ts';
import type {DatabaseSync} from '../system/sqlite.ts';
import {createDocumentTable} from './document-table.ts';

/** HTTP requests by resource. */
const RequestsSchema = z.partialRecord(ResourceSchema, z.number().int().nonnegative());

/** What the runs of one plan took of a repository. */
const RepositoryCostsSchema = z.object({
	at: z.string(),
	first: RequestsSchema.exactOptional(),
	changed: RequestsSchema.exactOptional(),
	unchanged: RequestsSchema.exactOptional(),
	turn: RequestsSchema.exactOptional(),
	changedShare: z.number().min(0).max(1).exactOptional(),
});

/** What the last runs found out about a repository. Lost, it is found out again by the next run. */
const CatalogEntrySchema = z.object({
	workspace: z.string(),
	/** With its braces, as Bitbucket writes it. */
	uuid: z.string(),
	slug: z.string(),
	/** Name of the plan that backed it up last. */
	plan: z.string(),
	lastRunAt: z.string(),
	/** When all of its data was last known to be saved. */
	lastBackupAt: z.string().exactOptional(),
	status: RepositoryStatusSchema.exactOptional(),
	/** Id of its newest snapshot. */
	snapshot: z.string().exactOptional(),
	/** Bytes that its backup takes on disk. */
	bytes: z.number().exactOptional(),
	refsDigest: z.string().exactOptional(),
	metadataDigest: z.string().exactOptional(),
	/** Since when it is gone upstream. */
	archivedSince: z.string().exactOptional(),
	verifiedAt: z.string().exactOptional(),
	/** When everything that is read in turns was last read in full. */
	turnTakenAt: z.string().exactOptional(),
	/** What its old snapshots were removed by the last time: the rules, and the newest snapshot then. */
	retention: z.string().exactOptional(),
	/** By plan. */
	costs: z.record(z.string(), RepositoryCostsSchema).exactOptional(),
});

export type CatalogEntry = Readonly<z.infer<typeof CatalogEntrySchema>>;

export type Catalog = {
	readonly get: (workspace: string, uuid: string) => CatalogEntry | undefined;
	readonly list: (workspace: string) => readonly CatalogEntry[];
	readonly put: (entry: CatalogEntry) => void;
	readonly remove: (workspace: string, uuid: string) => void;
};

export function createCatalog(database: DatabaseSync): Catalog {
	const table = createDocumentTable(database, 'catalog', CatalogEntrySchema);
	return {
		get: table.get,
		list: table.list,
		put: entry => {
			table.put(entry.workspace, entry.uuid, entry);
		},
		remove: table.remove,
	};
}
