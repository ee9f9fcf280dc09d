import assert from 'node:assert/strict';
import {mkdirSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {retentionPolicies} from '../../source/actions/retention-policies.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import type {Home} from '../../source/store/home.ts';
import type {StoreContents} from '../../source/store/store.ts';
import {temporaryFolder} from '../temporary-folder.ts';

test('rules are those of all plans that back the same thing up to the same place', async context => {
	const folder = await temporaryFolder(context);
	mkdirSync(join(folder, 'real'));
	symlinkSync(join(folder, 'real'), join(folder, 'link'));
	const plan = (name: string, settings: object) =>
		PlanSchema.parse({name, organization: 'acme', destination: join(folder, 'real'), ...settings});
	const plans = [
		plan('nightly', {keep: {daily: 7}}),
		plan('linked', {destination: join(folder, 'link'), include: ['web*'], data: ['git'], keep: {last: 1}}),
		plan('everything', {data: ['git', 'workspace', 'snippets']}),
		plan('elsewhere', {destination: join(folder, 'other')}),
		plan('default', {destination: undefined}),
		plan('another-workspace', {organization: 'other'}),
		plan('without-web', {exclude: ['web*'], data: ['git']}),
	];
	const home = {backups: join(folder, 'backups')} as Home;
	const [nightly] = plans;
	assert.ok(nightly);
	const {of, isKnownPlan} = retentionPolicies(home, {plans} as unknown as StoreContents, nightly);
	const namesFor = (kind: 'repository' | 'workspace' | 'snippet', name: string): string[] =>
		of({kind, name}).map(policy => policy.plan);
	assert.deepEqual(namesFor('repository', 'web-frontend'), ['nightly', 'linked', 'everything']);
	assert.deepEqual(namesFor('repository', 'api'), ['nightly', 'everything', 'without-web']);
	assert.deepEqual(namesFor('workspace', 'workspace'), ['nightly', 'everything']);
	assert.deepEqual(of({kind: 'repository', name: 'web'})[0], {plan: 'nightly', rules: {daily: 7}});
	assert.deepEqual(['elsewhere', 'nobody'].map(isKnownPlan), [true, false]);
});
