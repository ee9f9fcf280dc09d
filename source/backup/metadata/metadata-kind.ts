import type {PoolRequest} from '../../accounts/pool-types.ts';
import type {DataKind} from '../../model/data-kind.ts';
import type {Resource} from '../../model/quota-limit.ts';

/** What tells that data may have changed since they were read last. */
export type Sign =
	/** Nothing does, or a look at them is the sign for all that hangs on them: every run asks. */
	| 'run'
	/** Its turn has come: `turn.ts`. */
	| 'turn'
	/** Its turn for everything has come, also for what no other sign ever tells of. */
	| 'full-pass'
	/** Refs changed upstream. */
	| 'refs'
	/** What it belongs to is listed otherwise than before. */
	| 'parent'
	/** What it belongs to is still open, and changes without a word. */
	| 'open'
	/** The list of all that happened holds something that is not known yet. */
	| 'activity';

/** What data belong to. */
export type Owner = 'workspace' | 'project' | 'repository' | 'pull request' | 'pipeline' | 'snippet';

/** A kind of data that is read by REST: where, in what form, by whom, what tells of its changes, and where it is kept. */
export type MetadataKind = {
	/** The word of a plan that chooses it. */
	readonly data: DataKind;
	readonly of: Owner;
	/** In people's words, as it stands in sentences: `branch restrictions`. */
	readonly label: string;
	/** Path below the API; names in braces are filled in. */
	readonly endpoint: string;
	/** Query that it needs, as it is sent: `fields=-values.last_used`. */
	readonly query?: string;
	/** A list of pages, one JSON object, or a body of any bytes. */
	readonly shape: 'list' | 'single' | 'bytes';
	/** Elements that are asked for at once, of lists; 100 is the most that Bitbucket gives of most of them. */
	readonly pageLength?: number;
	/** The API token scope that opens it. */
	readonly scope: string;
	/** The limit that its requests count against. */
	readonly resource: Resource;
	/** Who may ask, where not every account may. */
	readonly only?: PoolRequest['only'];
	/** Path in the snapshot; names in braces are filled in. */
	readonly file: string;
	/** Any of these has it read again. None: it never changes once it is whole. */
	readonly again: readonly Sign[];
	/**
	Read for each element of another kind of the same owner, by its `{uuid}`, and kept in one file: an object of lists by uuid.
	The other kind stands before this one.
	*/
	readonly each?: string;
};

/** What is filled in for the names in braces. */
export type Names = Readonly<Record<string, string>>;

/** The signs that are there. */
export function signsThat(present: Readonly<Partial<Record<Sign, boolean>>>): ReadonlySet<Sign> {
	return new Set((Object.keys(present) as Sign[]).filter(sign => present[sign]));
}

/**
Whether data are to be asked for.

@param isLacking Whether the last snapshot lacks them or there is none.
*/
export function isDue(
	{again}: Pick<MetadataKind, 'again'>,
	signs: ReadonlySet<Sign>,
	isLacking: boolean,
): boolean {
	return isLacking || again.some(sign => signs.has(sign));
}

/** Fills in the names of a template. @throws Error for one that is not given. */
export function fillIn(template: string, names: Names): string {
	return template.replace(/\{(\w+)\}/g, (_, name: string) => {
		const value = names[name];
		if (value === undefined) {
			throw new Error(`${template} needs a ${name}.`);
		}

		return value;
	});
}

/** Address of a kind's endpoint below the API, with its query. */
export function addressOf({endpoint, query}: Pick<MetadataKind, 'endpoint' | 'query'>, names: Names): string {
	const encoded = Object.fromEntries(
		// Half a character, which a server may send, cannot be encoded.
		Object.entries(names).map(([name, value]) => [name, encodeURIComponent(value.toWellFormed())]),
	);
	return fillIn(endpoint, encoded) + (query === undefined ? '' : `?${query}`);
}
