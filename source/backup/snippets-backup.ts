import {join} from 'node:path';
import * as z from 'zod';
import type {AccountPool} from '../accounts/pool-types.ts';
import {RequestFailed} from '../bitbucket/failures.ts';
import {forEachAtOnce} from './at-once.ts';
import type {BackupPlace} from './backup-place.ts';
import {snippetFolderName} from './folder-name.ts';
import {mirrorGit} from './git-step.ts';
import {heedMassChange} from './mass-change.ts';
import {elementFile, elementsIn} from './metadata/list-file.ts';
import {signsThat} from './metadata/metadata-kind.ts';
import {kindsOf, metadataKinds} from './metadata/metadata-kinds.ts';
import {readKind} from './metadata/read-kind.ts';
import {saveKinds} from './metadata/save-kinds.ts';
import {backUpMetadata, type MetadataSession, type MetadataSubject} from './metadata-session.ts';
import {createProgress} from './progress.ts';
import {formatRefList} from './ref-list.ts';
import {areSame} from './same-content.ts';
import type {Upstream} from './upstream.ts';

const SnippetSchema = z.looseObject({
	id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
	links: z
		.looseObject({clone: z.array(z.looseObject({name: z.string(), href: z.string()})).optional()})
		.optional(),
});
type Snippet = z.infer<typeof SnippetSchema> & {
	/** As the list describes it. */
	readonly contents: Buffer;
};

const snippetKinds = kindsOf('snippet', 'snippets');
const atOnce = 2;

/**
Backs up the snippets of a workspace, each into a mirror of its own: its Git data, its description, its comments.

@returns what could not be read, in sentences.
*/
export async function backUpSnippets(place: BackupPlace): Promise<readonly string[]> {
	const {pool, organization, clock, report} = place;
	const reading = await readKind(pool, metadataKinds.snippets, {workspace: organization.workspace});
	if (reading.kind !== 'read') {
		return reading.kind === 'unreadable' ? [reading.problem] : [];
	}

	const snippets = elementsIn(reading.contents).flatMap(({value, raw}): Snippet[] => {
		const snippet = SnippetSchema.safeParse(value);
		return snippet.success ? [{...snippet.data, contents: elementFile(raw)}] : [];
	});
	const progress = createProgress(organization.workspace, report, clock);
	const problems = new Set<string>();
	let done = 0;
	await forEachAtOnce(snippets, atOnce, async snippet => {
		progress('snippets', done, snippets.length, 'snippets');
		for (const problem of await backUpSnippet(place, snippet)) {
			problems.add(problem);
		}

		done += 1;
	});
	return [...problems];
}

async function backUpSnippet(place: BackupPlace, snippet: Snippet): Promise<readonly string[]> {
	const {workspace, gitUrl} = place.organization;
	const subject: MetadataSubject = {
		folder: join(place.workspaceFolder, snippetFolderName(snippet.id)),
		name: `the snippet ${workspace}/${snippet.id}`,
		identity: snippet.id,
		retention: {kind: 'snippet', name: snippet.id},
		upstream: snippetUpstream(snippet, gitUrl, place.pool),
	};
	const {problems} = await backUpMetadata(place, subject, async session => {
		const refs = await readGit(snippet, session);
		await saveMetadata(snippet, session);
		return {refs};
	});
	return problems;
}

async function readGit(snippet: Snippet, session: MetadataSession): Promise<number> {
	const {place, pool, last, tree, problems} = session;
	const upstream = snippetUpstream(snippet, place.organization.gitUrl, pool);
	if (upstream === undefined) {
		tree.keep('refs');
		problems.add('refs', 'a snippet has no address to be cloned from at the organization’s Git server');
		return 0;
	}

	try {
		// Snippets are counted one by one: how far the Git of each is would only confuse.
		const git = await mirrorGit({
			...session,
			upstream,
			lastSnapshot: last?.refs,
			isMended: true,
			progress: () => undefined,
		});
		tree.write('refs', formatRefList(git.refs));
		if (git.hasChanged) {
			const at = place.clock.now();
			await heedMassChange({...session, uuid: snippet.id, before: last?.refs, now: git.refs, at});
		}

		return git.refs.refs.size;
	} catch (error) {
		if (!(error instanceof RequestFailed) || error.reason === 'no-account') {
			throw error;
		}

		tree.keep('refs');
		problems.add('refs', `the files of a snippet could not be read: ${error.message}`);
		return last?.refs?.refs.size ?? 0;
	}
}

/** Where a snippet's Git data come from; undefined where it has no address at the organization's own Git server. */
export function snippetUpstream(snippet: unknown, gitUrl: string, pool: AccountPool): Upstream | undefined {
	const parsed = SnippetSchema.safeParse(snippet).data;
	const cloneUrl = parsed === undefined ? undefined : cloneUrlOf(parsed, gitUrl);
	return parsed === undefined || cloneUrl === undefined
		? undefined
		: {name: `snippet ${parsed.id}`, cloneUrl, pool, only: 'users'};
}

/** The https address, where it lies at the organization's own Git server: our sign-in goes nowhere else. */
function cloneUrlOf({links}: z.infer<typeof SnippetSchema>, gitUrl: string): string | undefined {
	const {origin} = new URL(gitUrl);
	for (const {href} of links?.clone ?? []) {
		if (URL.canParse(href)) {
			const url = new URL(href);
			url.username = '';
			url.password = '';
			if (url.origin === origin) {
				return url.href;
			}
		}
	}

	return undefined;
}

async function saveMetadata({id, contents}: Snippet, session: MetadataSession): Promise<void> {
	const {place, last, tree, mirror, isTurn} = session;
	const {file} = metadataKinds.snippets;
	const [isSame] = await areSame(mirror, [{saved: last?.entries.get(file)?.id, contents}]);
	await saveKinds(snippetKinds, {
		...session,
		names: {workspace: place.organization.workspace, snippet: id},
		signs: signsThat({turn: isTurn, parent: !isSame}),
	});
	tree.write(file, contents);
}
