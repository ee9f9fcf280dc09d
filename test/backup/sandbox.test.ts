import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import type {RunReport} from '../../source/runs/events.ts';
import {type Sandbox, startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {type MirrorReader, readMirror} from './mirror-reader.ts';
import {destinationOf, runAgainstSandbox, type SandboxRun} from './run-against-sandbox.ts';
import {runAndKill} from './run-and-kill.ts';
import {refsIn} from './upstream-repository.ts';

const limit = {requests: 100_000, windowMilliseconds: 3_600_000};
let sandbox: Sandbox;
let folder: string;
before(async () => {
	folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-sandbox-run-'));
	sandbox = await startSandbox({limits: {api: limit}});
});
after(async () => {
	await sandbox.close();
	rmSync(folder, {recursive: true, force: true});
});

function runOf(name: string, labels: readonly string[], plan: SandboxRun['plan'] = {}): SandboxRun {
	const credentials = labels.map(label => {
		const found = sandbox.credentials.find(credential => credential.label === label);
		assert.ok(found, label);
		return found;
	});
	const {workspace, apiUrl, gitUrl} = sandbox;
	return {folder: join(folder, name), workspace, apiUrl, gitUrl, credentials, plan};
}

const mirrorOf = (run: SandboxRun, slug: string): MirrorReader =>
	readMirror(join(destinationOf(run), run.workspace), slug);

/** What upstream shows: everything but what the sandbox hides. */
function upstreamRefs(slug: string): Map<string, string> {
	const refs = refsIn(join(sandbox.folder, 'git', sandbox.workspace, `${slug}.git`));
	return new Map([...refs].filter(([name]) => !name.startsWith('refs/sandbox/')));
}

function filesBelow(path: string): string[] {
	return readdirSync(path, {recursive: true, encoding: 'utf8'})
		.map(name => join(path, name))
		.filter(name => statSync(name).isFile());
}

describe('a run over all accounts', () => {
	const labels = ['primary', 'bot-1', 'bot-1-second', 'bot-2', 'ci-token'];
	const reports: RunReport[] = [];
	let run: SandboxRun;
	before(async () => {
		run = runOf('all', labels);
		const outcome = await runAgainstSandbox(run, report => reports.push(report));
		assert.equal(outcome.status, 'succeeded', outcome.problems.join('\n'));
	});

	test('mirrors exactly upstream’s refs, lists them in a snapshot, and passes git’s own check', () => {
		for (const {slug} of sandbox.world.repositories) {
			const mirror = mirrorOf(run, slug);
			const refs = upstreamRefs(slug);
			assert.deepEqual(mirror.mirrored(), refs, slug);
			const listed = mirror
				.text('refs')
				.split('\n')
				.filter(line => !line.endsWith(' HEAD') && line !== '');
			assert.deepEqual(
				listed,
				[...refs].map(([name, id]) => `${id} ${name}`),
				slug,
			);
			assert.equal(mirror.fsck(), '', slug);
		}
	});

	test('has every pull request with all its comments and tasks', async () => {
		let pullRequests = 0;
		for (const repository of sandbox.world.repositories) {
			const contents = await sandbox.services.contents(repository);
			const mirror = mirrorOf(run, repository.slug);
			const saved = mirror.paths().filter(path => path.endsWith('/pull-request.json'));
			assert.equal(saved.length, contents.pullRequests.length);
			for (const {id, title, comments, tasks} of contents.pullRequests) {
				const file = (name: string): unknown => mirror.json(`pull-requests/${id}/${name}.json`);
				assert.equal((file('pull-request') as {title: string}).title, title);
				assert.deepEqual(idsOf(file('comments')), comments.map(comment => comment.id).sort());
				assert.deepEqual(idsOf(file('tasks')), tasks.map(task => task.id).sort());
				assert.ok((file('activity') as unknown[]).length > 0);
				pullRequests += 1;
			}
		}

		assert.ok(pullRequests > 20);
	});

	test('a pull request whose commits are on no branch has its patch, and the commits by a pin', async () => {
		let patches = 0;
		for (const repository of sandbox.world.repositories) {
			const mirror = mirrorOf(run, repository.slug);
			const onBranches = new Set(mirror.git('rev-list', '--glob=refs/mirror/*').split('\n'));
			const {pullRequests} = await sandbox.services.contents(repository);
			for (const {id, source} of pullRequests) {
				const hasPatch = mirror.paths().includes(`pull-requests/${id}/patch`);
				assert.equal(hasPatch, !onBranches.has(source.commit), `${repository.slug} ${id}`);
				assert.equal(mirror.git('cat-file', '-t', source.commit), 'commit');
				assert.equal(mirror.kept().includes(source.commit), hasPatch);
				patches += hasPatch ? 1 : 0;
			}
		}

		assert.ok(patches > 0);
	});

	test('has the settings of each repository, and of the workspace', async () => {
		const [first] = sandbox.world.repositories;
		assert.ok(first);
		const contents = await sandbox.services.contents(first);
		const mirror = mirrorOf(run, first.slug);
		const settings = (name: string): unknown[] => mirror.json(`settings/${name}.json`) as unknown[];
		assert.equal(settings('branch-restrictions').length, contents.branchRestrictions.length);
		assert.equal(settings('hooks').length, contents.webhooks.length);
		assert.equal(settings('deploy-keys').length, contents.deployKeys.length);
		assert.deepEqual(
			Object.keys(mirror.json('settings/deployment-variables.json') as object).sort(),
			contents.environments.map(({uuid}) => uuid).sort(),
		);
		const workspace = mirrorOf(run, 'workspace');
		assert.equal((workspace.json('members.json') as unknown[]).length, sandbox.world.members.length);
		assert.equal((workspace.json('projects.json') as unknown[]).length, sandbox.world.projects.length);
	});

	test('has every LFS object and download under the hash of its contents', async () => {
		let objects = 0;
		for (const repository of sandbox.world.repositories) {
			const contents = await sandbox.services.contents(repository);
			const mirror = mirrorOf(run, repository.slug);
			for (const {oid, size} of contents.lfsObjects) {
				const saved = readFileSync(
					join(mirror.folder, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid),
				);
				assert.equal(createHash('sha256').update(saved).digest('hex'), oid);
				assert.equal(saved.length, size);
				objects += 1;
			}

			for (const {content} of contents.downloads) {
				const hash = createHash('sha256').update(content).digest('hex');
				const saved = readFileSync(
					join(mirror.folder, 'downloads', hash.slice(0, 2), hash.slice(2, 4), hash),
				);
				assert.ok(saved.equals(content));
				objects += 1;
			}
		}

		assert.ok(objects > 5);
	});

	test('has the snippets with their files and comments', async () => {
		for (const snippet of sandbox.world.snippets) {
			const contents = await sandbox.services.snippetContents(snippet);
			const mirror = mirrorOf(run, `snippet-${snippet.id}`);
			assert.ok([...mirror.mirrored().values()].includes(contents.head));
			assert.deepEqual(idsOf(mirror.json('comments.json')), contents.comments.map(({id}) => id).sort());
		}
	});

	test('counts the requests that the accounts really sent', () => {
		const finished = reports.findLast(({type}) => type === 'run-finished');
		assert.ok(finished?.type === 'run-finished');
		const sent = sandbox.statistics();
		assert.equal(finished.requests.throttled, 0);
		for (const {label, requests} of finished.accounts) {
			const account = sandbox.credentials.find(credential => credential.label === label)?.account;
			const git = sent.accounts.find(({account: name, resource}) => name === account && resource === 'git');
			const charged = requests.git ?? 0;
			// A fetch that is refused at once (a snippet's, of an access token) was charged whole.
			assert.ok(charged >= (git?.requests ?? 0), label);
			if (label !== 'ci-token') {
				// A fetch of commits by their ids may take one request less than it is charged with.
				assert.ok(charged - (git?.requests ?? 0) <= sandbox.world.repositories.length, label);
			}
		}

		assert.deepEqual(sent.leaks, []);
	});

	test('leaves no secret in the destination or in its events', () => {
		const secrets = sandbox.credentials.map(({secret}) => secret);
		const texts = [
			JSON.stringify(reports),
			...filesBelow(run.folder).map(path => readFileSync(path, 'latin1')),
		];
		for (const secret of secrets) {
			assert.ok(!texts.some(text => text.includes(secret)));
		}

		const mirrors = mirrorOf(run, 'web-frontend');
		for (const path of mirrors.paths()) {
			assert.ok(!secrets.some(secret => mirrors.text(path).includes(secret)));
		}
	});

	test('and run again finds nothing to do: one API request and one of git for each repository', async () => {
		const before = new Map(
			sandbox.world.repositories.map(({slug}) => [slug, mirrorOf(run, slug).snapshots()]),
		);
		const later: RunReport[] = [];
		const outcome = await runAgainstSandbox(run, report => later.push(report));
		assert.equal(outcome.status, 'succeeded');
		assert.equal(outcome.repositories.unchanged, sandbox.world.repositories.length);
		for (const report of later) {
			if (report.type === 'repository-finished') {
				assert.deepEqual(report.requests, {api: 1, git: 1}, report.repository);
				assert.equal(report.snapshot, before.get(report.repository)?.at(-1)?.replace(/.*\//, ''));
			}
		}

		for (const [slug, snapshots] of before) {
			assert.deepEqual(mirrorOf(run, slug).snapshots(), snapshots);
		}
	});
});

function idsOf(list: unknown): number[] {
	return (list as Array<{id: number}>).map(({id}) => id).sort();
}

describe('what people do upstream', () => {
	let run: SandboxRun;
	const slug = 'web-frontend';
	before(async () => {
		run = runOf('changes', ['primary'], {
			include: [slug, 'data-lake'],
			data: ['git', 'lfs', 'pull-requests'],
		});
		assert.equal((await runAgainstSandbox(run)).status, 'succeeded');
	});

	test('a force-push: the lost tip stays reachable', async () => {
		const lost = await sandbox
			.repository(slug)
			.commit({branch: 'main', files: {'notes.txt': 'soon to be lost'}});
		await runAgainstSandbox(run);
		await sandbox.repository(slug).forcePush('main');
		const outcome = await runAgainstSandbox(run);
		assert.deepEqual([outcome.repositories.backedUp, outcome.repositories.unchanged], [1, 1]);
		const mirror = mirrorOf(run, slug);
		assert.deepEqual(mirror.mirrored(), upstreamRefs(slug));
		assert.ok(mirror.kept().includes(lost));
		assert.equal(mirror.snapshots().length, 3);
		assert.equal(mirror.fsck(), '');
	});

	test('a comment that does not touch the pull request’s date: only that pull request is read', async () => {
		const {id} = await sandbox.repository(slug).addComment(1, {raw: 'one more thing', silently: true});
		const reports: RunReport[] = [];
		await runAgainstSandbox(run, report => reports.push(report));
		const mirror = mirrorOf(run, slug);
		assert.ok(idsOf(mirror.json('pull-requests/1/comments.json')).includes(id));
		const [before, now] = mirror.snapshots().slice(-2) as [string, string];
		assert.deepEqual(mirror.git('diff', '--name-only', before, now).split('\n'), [
			'pull-requests/1/activity.json',
			'pull-requests/1/comments.json',
			'pull-requests/1/pull-request.json',
			'snapshot.json',
		]);
		const finished = reports.find(
			report => report.type === 'repository-finished' && report.repository === slug,
		);
		assert.ok(finished?.type === 'repository-finished' && (finished.requests.api ?? 0) <= 6);
	});

	test('an LFS object that the server lost: partial, and it says so, until it is back', async () => {
		const repository = sandbox.repository('data-lake');
		const oid = await repository.commitLfsFile('main', 'new.bin', Buffer.from('quite new'));
		await repository.loseLfsObject(oid);
		const partial = await runAgainstSandbox(run);
		assert.equal(partial.status, 'partial');
		assert.deepEqual(partial.problems, ['data-lake: 1 LFS object is missing upstream']);
		const again = await runAgainstSandbox(run);
		assert.equal(again.status, 'partial', 'it is missing as long as it is not there');
		const mirror = mirrorOf(run, 'data-lake');
		const {length} = mirror.snapshots();

		const object = (await repository.contents()).lfsObjects.find(candidate => candidate.oid === oid);
		assert.ok(object);
		object.missing = false;
		assert.equal((await runAgainstSandbox(run)).status, 'succeeded');
		assert.ok(
			statSync(join(mirror.folder, 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid)).isFile(),
		);
		assert.equal(mirror.snapshots().length, length + 1);
	});

	test('a rename: the folder follows, the history goes on', async () => {
		const before = mirrorOf(run, 'data-lake').snapshots();
		await sandbox.repository('data-lake').rename('data-ocean');
		const outcome = await runAgainstSandbox({...run, plan: {...run.plan, include: ['data-ocean']}});
		assert.equal(outcome.status, 'succeeded');
		assert.deepEqual(mirrorOf(run, 'data-ocean').snapshots().slice(0, before.length), before);
		assert.throws(() => mirrorOf(run, 'data-lake'));
		await sandbox.repository('data-ocean').rename('data-lake');
	});

	test('a deletion: it is told once, asked for once, and its backup stays, marked', async () => {
		const gone = {...run, folder: join(folder, 'deleted'), plan: {...run.plan, include: ['short-*', slug]}};
		const {commit, repository, remove} = sandbox.addRepository('short-lived');
		await commit({branch: 'main', files: {'readme.md': 'not for long'}});
		const first = await runAgainstSandbox(gone);
		assert.deepEqual([first.status, first.repositories.total], ['succeeded', 2]);
		await remove();
		const told = await runAgainstSandbox(gone);
		assert.deepEqual([told.status, told.repositories.total], ['succeeded', 1]);
		assert.match(told.problems.join(), /^short-lived is not listed in the workspace/);
		assert.equal(told.beside?.api, (first.beside?.api ?? 0) + 1);

		rmSync(join(gone.folder, 'state.db'));
		const later = await runAgainstSandbox(gone);
		assert.deepEqual([later.status, later.problems], ['succeeded', []]);
		assert.equal(later.beside?.api, first.beside?.api);
		const mirror = mirrorOf(gone, 'short-lived');
		const note = JSON.parse(readFileSync(join(mirror.folder, 'bucket-brigade.json'), 'utf8'));
		assert.equal(note.uuid, repository.uuid);
		assert.ok(Date.parse(note.archivedSince) > 0);
		assert.equal(mirror.snapshots().length, 1);
	});
});

test('a missing scope costs only its own kinds of data, and is named', async () => {
	const run = runOf('limited', ['limited'], {include: ['payments-core']});
	const outcome = await runAgainstSandbox(run);
	assert.equal(outcome.status, 'partial');
	assert.equal(outcome.repositories.partial, 1, outcome.problems.join('\n'));
	const said = outcome.problems.join('\n');
	assert.match(
		said,
		/branch restrictions could not be read: no account in use has the scope admin:repository:bitbucket/,
	);
	assert.match(said, /webhooks could not be read: no account in use has the scope read:webhook:bitbucket/);
	assert.match(
		said,
		/pull requests could not be read: no account in use has the scope read:pullrequest:bitbucket/,
	);
	const mirror = mirrorOf(run, 'payments-core');
	assert.deepEqual(mirror.mirrored(), upstreamRefs('payments-core'));
	assert.ok(mirror.paths().includes('settings/environments.json'));
	assert.ok(!mirror.paths().includes('settings/hooks.json'));

	const again = await runAgainstSandbox(run);
	assert.equal(again.status, 'partial', 'what is missing stays missing');
	assert.equal(mirror.snapshots().length, 1);

	const complete = await runAgainstSandbox({...run, credentials: runOf('', ['primary']).credentials});
	assert.equal(complete.status, 'succeeded', 'and is read as soon as somebody may');
	assert.ok(mirrorOf(run, 'payments-core').paths().includes('settings/hooks.json'));
});

describe('a run that is killed', () => {
	const moments: ReadonlyArray<{name: string; isNow: (report: RunReport, count: number) => boolean}> = [
		{name: 'as the first repository begins', isNow: ({type}) => type === 'repository-started'},
		{
			name: 'while Git is fetched',
			isNow: (report, count) => report.type === 'repository-progress' && report.stage === 'git' && count > 8,
		},
		{
			name: 'while LFS objects are fetched',
			isNow: report => report.type === 'repository-progress' && report.stage === 'lfs' && report.done > 0,
		},
		{
			name: 'while pull requests are read',
			isNow: report =>
				report.type === 'repository-progress' && report.stage === 'pull-requests' && report.done > 2,
		},
		{
			name: 'while a snapshot is written',
			isNow: report => report.type === 'repository-progress' && report.stage === 'snapshot',
		},
		{
			name: 'in the middle of it all',
			isNow: (report, count) => report.type === 'repository-finished' && count > 20,
		},
	];

	for (const [index, {name, isNow}] of moments.entries()) {
		test(`${name}, is complete after the next one, with nothing to repair`, async () => {
			const slugs = ['web-frontend', 'data-lake', 'payments-core'];
			const run = runOf(`killed-${index}`, ['primary', 'bot-2'], {include: slugs});
			await runAndKill(run, isNow);
			const outcome = await runAgainstSandbox(run);
			assert.equal(outcome.status, 'succeeded', outcome.problems.join('\n'));
			for (const slug of slugs) {
				const mirror = mirrorOf(run, slug);
				assert.deepEqual(mirror.mirrored(), upstreamRefs(slug), slug);
				assert.equal(mirror.fsck(), '', slug);
			}

			assert.deepEqual(
				filesBelow(destinationOf(run)).filter(path =>
					/\.lock$|\/tmp_|downloads\/tmp\/|lfs\/tmp\//.test(path),
				),
				[],
			);
		});
	}
});
