import assert from 'node:assert/strict';
import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {expandHome, inspectRestoreTarget, type RestoreForm} from '../../source/actions/restore-target.ts';
import {openWorkplace} from '../../source/actions/workplace.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {makeAcme} from '../acme.ts';
import {temporaryFolder} from '../temporary-folder.ts';

type Row = readonly [what: string, form: RestoreForm, to: string, problem: RegExp | undefined];

/** Paths are below a folder of the test's own. */
const rows: readonly Row[] = [
	['a folder that does not exist', 'bare', 'new.git', undefined],
	['one whose parents do not exist', 'working-copy', 'a/b/c', undefined],
	['an empty one', 'bare', 'empty', undefined],
	['one that is not empty', 'bare', 'full', /full is not empty: .*Name a folder that does not exist/],
	['a file', 'bare', 'full/file', /file is no folder: /],
	['something below a file', 'bare', 'full/file/below', /cannot be written/],
	['a link', 'bare', 'link', /link is a link: /],
	['one whose place for metadata is taken', 'bare', 'half', /half-metadata is not empty/],
	['a place among the backups', 'bare', 'backups/acme/x', /lies among the backups themselves/],
];

test('restore target: what is wrong with a folder is known before anything is made', async context => {
	const folder = await temporaryFolder(context);
	const workplace = await openWorkplace({BUCKET_BRIGADE_HOME: join(folder, 'home')});
	context.after(workplace.close);
	await workplace.store.update(contents => ({
		...contents,
		organizations: [makeAcme()],
		plans: [PlanSchema.parse({name: 'nightly', organization: 'acme', destination: join(folder, 'backups')})],
	}));
	for (const name of ['empty', 'full', 'half-metadata', 'backups/acme']) {
		mkdirSync(join(folder, name), {recursive: true});
	}

	writeFileSync(join(folder, 'full', 'file'), 'something');
	writeFileSync(join(folder, 'half-metadata', 'file'), 'something');
	symlinkSync(join(folder, 'empty'), join(folder, 'link'));
	const look = async (form: RestoreForm, to: string, withMetadata = true) =>
		inspectRestoreTarget(workplace, {plan: 'nightly', form, to, withMetadata});

	for (const [what, form, name, problem] of rows) {
		const {to, problem: found} = await look(form, ` ${join(folder, name)} `);
		assert.equal(to, join(folder, name), what);
		if (problem === undefined) {
			assert.equal(found, undefined, what);
		} else {
			assert.match(found ?? '', problem, what);
		}
	}

	assert.equal((await look('bare', join(folder, 'half'), false)).problem, undefined, 'metadata are left out');
	assert.match((await look('bare', 'https://git.example/x.git')).problem ?? '', /This is an address/);
	assert.match((await look('push', '/tmp/x')).problem ?? '', /Expected an address that git can push to/);
	assert.match((await look('push', 'http://git.example/x.git')).problem ?? '', /plain http/);
	assert.deepEqual(await look('push', 'git@git.example:x.git'), {
		to: 'git@git.example:x.git',
		signsInAs: undefined,
		problem: undefined,
	});
	assert.equal((await look('push', 'https://bitbucket.org/acme/x.git')).signsInAs, 'primary');
	const secret = await look('push', 'https://me:hunter2@git.example/x.git');
	assert.match(secret.problem ?? '', /There is a password in the address/);
	assert.ok(!(secret.problem ?? '').includes('hunter2'));
});

test('restore target: a folder below one’s own is written as shells do', () => {
	assert.equal(expandHome('~/x'), join(homedir(), 'x'));
	assert.equal(expandHome('~'), homedir());
	assert.equal(expandHome('/~/x'), '/~/x');
	assert.equal(expandHome('~other/x'), '~other/x');
});
