import {createHash} from 'node:crypto';
import {pointerFile} from './generate/lfs-data.ts';
import type {HandleSurroundings} from './handle-surroundings.ts';
import type {Repository} from './world.ts';

export type CommitRequest = {
	/** Made, from the main branch, where there is none of the name. */
	readonly branch: string;
	/** Default "Change". */
	readonly message?: string;
	/** By path; `null` deletes. */
	readonly files: Readonly<Record<string, string | Uint8Array | null>>;
	/** A hash or ref to begin from instead of the branch's own tip. */
	readonly from?: string;
};

/** Changes of refs, as pushes and Bitbucket's own buttons make them. What loses its ref stays fetchable by its id. */
export type RefChanges = {
	/** The new commit's hash. */
	readonly commit: (request: CommitRequest) => Promise<string>;
	/** Replaces the branch's tip by another child of the tip's parent; the new hash. */
	readonly forcePush: (branch: string, request?: Partial<Omit<CommitRequest, 'branch'>>) => Promise<string>;
	readonly deleteBranch: (branch: string) => Promise<void>;
	/** Annotated with a message, else lightweight. `target` defaults to the main branch. The tag object's or commit's hash. */
	readonly createTag: (
		name: string,
		options?: {readonly message?: string; readonly target?: string},
	) => Promise<string>;
	readonly deleteTag: (name: string) => Promise<void>;
	readonly setMainBranch: (branch: string) => Promise<void>;
	/** Commits a pointer file and keeps what it points to; the object's id. */
	readonly commitLfsFile: (branch: string, path: string, content: Uint8Array) => Promise<string>;
};

export function createRefChanges(
	repository: Repository,
	{store, git, world, now}: HandleSurroundings,
): RefChanges {
	const run = async (
		parameters: readonly string[],
		input?: Uint8Array,
		environment?: Record<string, string>,
	) =>
		git.run(await store.gitDirectory(repository), parameters, {
			...(input && {input}),
			...(environment && {environment}),
		});
	const resolve = async (name: string): Promise<string | undefined> => {
		const output = await run(['rev-parse', '--verify', '--quiet', '--end-of-options', name]).catch(
			() => undefined,
		);
		return output?.toString().trim();
	};
	const resolveKnown = async (name: string): Promise<string> => {
		const hash = await resolve(name);
		if (hash === undefined) {
			throw new Error(`${repository.slug} has no ${name}.`);
		}

		return hash;
	};
	const mainRef = () => `refs/heads/${repository.mainBranch ?? 'main'}`;
	const person = () => {
		const [developer] = world.users;
		return {name: developer?.displayName ?? 'Somebody', email: developer?.email ?? 'somebody@acme.example'};
	};
	const seconds = () => Math.floor(now() / 1000);

	const pin = async (ref: string) => {
		const hash = await resolveKnown(ref);
		await run(['update-ref', `refs/sandbox/lost/${hash}`, hash]);
		return hash;
	};

	const commit: RefChanges['commit'] = async ({branch, message = 'Change', files, from}) => {
		const ref = `refs/heads/${branch}`;
		const parent =
			from === undefined ? ((await resolve(ref)) ?? (await resolve(mainRef()))) : await resolveKnown(from);
		const {name, email} = person();
		const data = (content: string | Uint8Array) => {
			const bytes = Buffer.from(content);
			return [Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')];
		};
		const changes = Object.entries(files).flatMap(([path, content]) =>
			content === null
				? [Buffer.from(`D ${path}\n`)]
				: [Buffer.from(`M 100644 inline ${path}\n`), ...data(content)],
		);
		const stream = Buffer.concat([
			Buffer.from(`commit ${ref}\ncommitter ${name} <${email}> ${seconds()} +0000\n`),
			...data(`${message}\n`),
			...(parent === undefined ? [] : [Buffer.from(`from ${parent}\n`)]),
			...changes,
			Buffer.from('done\n'),
		]);
		await run(['fast-import', '--quiet', '--done', '--force'], stream);
		await store.refresh(repository);
		return resolveKnown(ref);
	};

	const deleteRef = async (ref: string) => {
		await pin(ref);
		await run(['update-ref', '-d', ref]);
		await store.refresh(repository);
	};

	return {
		commit,
		async forcePush(branch, {message = 'Rewritten', files = {'rewritten.txt': `${now()}\n`}, from} = {}) {
			const lost = await pin(`refs/heads/${branch}`);
			// Of a first commit there is no parent: the new one then stands beside nothing, which is fine for a rewrite too.
			const base = from ?? (await resolve(`${lost}^`)) ?? lost;
			return commit({branch, message, files, from: base});
		},
		deleteBranch: branch => deleteRef(`refs/heads/${branch}`),
		deleteTag: name => deleteRef(`refs/tags/${name}`),
		async createTag(name, {message, target = mainRef()} = {}) {
			const {name: tagger, email} = person();
			const annotation = message === undefined ? [] : ['--annotate', '--file=-'];
			await run(
				['tag', ...annotation, name, target],
				message === undefined ? undefined : Buffer.from(message),
				{
					GIT_COMMITTER_NAME: tagger,
					GIT_COMMITTER_EMAIL: email,
					GIT_COMMITTER_DATE: `${seconds()} +0000`,
				},
			);
			await store.refresh(repository);
			return resolveKnown(`refs/tags/${name}`);
		},
		setMainBranch: branch => store.setMainBranch(repository, branch),
		async commitLfsFile(branch, path, content) {
			const oid = createHash('sha256').update(content).digest('hex');
			(await store.contents(repository)).lfsObjects.push({
				oid,
				size: content.length,
				content,
				missing: false,
			});
			await commit({branch, message: `Add ${path}`, files: {[path]: pointerFile(oid, content.length)}});
			return oid;
		},
	};
}
