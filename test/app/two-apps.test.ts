import assert from 'node:assert/strict';
import {join} from 'node:path';
import {type TestContext, test} from 'node:test';
import {openWorkplace, type Workplace} from '../../source/actions/workplace.ts';
import {createAppServices} from '../../source/app/create-services.ts';
import type {Place} from '../../source/app/navigation.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {temporaryFolder} from '../temporary-folder.ts';
import {type OpenApp, openApp} from './open-app.ts';
import {keys} from './terminal.ts';

/* Two apps on one home, each with a store of its own: what one person saves is neither lost nor written over by the other one. */

const credential = (id: string, label: string) => ({
	id,
	label,
	kind: 'workspace-access-token',
	addedAt: '2026-11-01T00:00:00.000Z',
});

type TwoApps = {
	readonly here: OpenApp;
	readonly there: OpenApp;
	readonly workplace: Workplace;
};

async function openTwo(context: TestContext, startAt: Place, thereAt: Place = startAt): Promise<TwoApps> {
	const environment = {BUCKET_BRIGADE_HOME: join(await temporaryFolder(context), 'home')};
	const [mine, yours] = [await openWorkplace(environment), await openWorkplace(environment)];
	const vault = await mine.vault();
	await vault.set('1', 'ATCTT3xFfGF0-one');
	await vault.set('2', 'ATCTT3xFfGF0-two');
	await mine.store.update(contents => ({
		...contents,
		organizations: [
			OrganizationSchema.parse({
				workspace: 'acme',
				primaryCredential: credential('1', 'primary'),
				additionalCredentials: [credential('2', 'bot-1')],
			}),
		],
		plans: [
			PlanSchema.parse({name: 'nightly', organization: 'acme'}),
			PlanSchema.parse({name: 'weekly', organization: 'acme'}),
		],
	}));
	const [here, there] = [mine, yours].map((workplace, index) =>
		openApp(context, createAppServices(workplace), {startAt: index === 0 ? startAt : thereAt}),
	) as [OpenApp, OpenApp];
	context.after(() => {
		mine.close();
		yours.close();
	});
	return {here, there, workplace: mine};
}

const plan = async ({store}: Workplace, name = 'nightly') =>
	(await store.read()).plans.find(one => one.name === name);

const nightly: Place = {screen: 'plan', name: 'nightly'};
const onField = (app: OpenApp, steps: number): void => app.type(keys.tab.repeat(steps));

test('two apps: each sees what the other one added, edited and removed', async context => {
	const {here, there} = await openTwo(context, {screen: 'plans'});
	await here.waitFor('weekly');
	await there.waitFor('weekly');
	here.type('a');
	await here.waitFor('Name');
	here.type(`hourly${keys.save}`);
	await here.waitFor('The plan hourly is saved');
	there.type('14');
	there.type('2');
	await there.waitFor('hourly');

	there.type('Gd');
	await there.waitFor('Remove the plan hourly?');
	there.type(keys.right + keys.enter);
	await there.waitFor('The plan hourly is removed');
	here.type('4');
	await here.waitFor('keys.json');
	here.type('2');
	await here.waitFor('2 plans');
	assert.doesNotMatch(here.text(), /^ *>? hourly/m);
});

test('two apps: what each of them changed in one plan is kept, whoever saves last', async context => {
	const {here, there, workplace} = await openTwo(context, nightly);
	for (const app of [here, there]) {
		await app.waitFor('> Name');
	}

	onField(here, 5);
	here.type('0 2 * * *');
	await here.waitFor('changed, not saved');
	onField(there, 6);
	there.type('daily=7');
	there.type(keys.save);
	await there.waitFor('The plan nightly is saved');
	here.type(keys.save);
	await here.waitFor('The plan nightly is saved');
	const saved = await plan(workplace);
	assert.equal(saved?.schedule, '0 2 * * *');
	assert.deepEqual(saved?.keep, {daily: 7});
});

test('two apps: what both changed is told, what was typed stays, and a second time it is saved knowingly', async context => {
	const {here, there, workplace} = await openTwo(context, nightly);
	for (const app of [here, there]) {
		await app.waitFor('> Name');
		onField(app, 5);
	}

	here.type('0 2 * * *');
	await here.waitFor('0 2 * * *');
	there.type(`0 3 * * *${keys.save}`);
	await there.waitFor('The plan nightly is saved');
	here.type(keys.save);
	await here.waitFor('was changed elsewhere in the meantime (schedule); nothing was saved');
	assert.match(here.text(), /0 2 \* \* \*/);
	assert.equal((await plan(workplace))?.schedule, '0 3 * * *');
	here.type(keys.save);
	await here.waitFor('The plan nightly is saved');
	assert.equal((await plan(workplace))?.schedule, '0 2 * * *');
});

test('two apps: a plan that was removed while its form was open is not made anew by saving', async context => {
	const {here, workplace} = await openTwo(context, nightly);
	await here.waitFor('> Name');
	onField(here, 5);
	here.type('0 2 * * *');
	await here.waitFor('changed, not saved');
	await workplace.store.update(contents => ({
		...contents,
		plans: contents.plans.filter(({name}) => name !== 'nightly'),
	}));
	here.type(keys.save);
	await here.waitFor('There is no plan called "nightly"');
	assert.match(here.text(), /0 2 \* \* \*/);
	assert.equal(await plan(workplace), undefined);
});

test('two apps: a form without any change of its own shows what the other one saved', async context => {
	const {here, there} = await openTwo(context, {screen: 'plans'}, nightly);
	await here.waitFor('weekly');
	here.type(keys.enter);
	await here.waitFor('> Name');
	here.type(keys.escape);
	await here.waitFor('2 plans');
	await there.waitFor('> Name');
	onField(there, 5);
	there.type(`0 3 * * *${keys.save}`);
	await there.waitFor('The plan nightly is saved');
	here.type(keys.enter);
	await here.waitFor('0 3 * * *');
	assert.doesNotMatch(here.text(), /changed, not saved/);
});

test('two apps: a credential that the other one changed is not written over, nor is one that it removed', async context => {
	const place: Place = {screen: 'credential', workspace: 'acme', repository: 'web', label: 'bot-1'};
	const {here, workplace} = await openTwo(context, place);
	await here.waitFor(/Label +bot-1/);
	const change = async (expiresAt: string | undefined): Promise<unknown> =>
		workplace.store.update(contents => ({
			...contents,
			organizations: contents.organizations.map(organization => ({
				...organization,
				additionalCredentials: organization.additionalCredentials.flatMap(one =>
					expiresAt === undefined ? [] : [{...one, expiresAt}],
				),
			})),
		}));
	const expiry = async (): Promise<string | undefined> =>
		(await workplace.store.read()).organizations[0]?.additionalCredentials[0]?.expiresAt;

	here.type(keys.shiftTab);
	here.type('2027-01-31');
	await here.waitFor('2027-01-31');
	await change('2027-05-05');
	here.type(keys.save);
	await here.waitFor('The credential "bot-1" was changed elsewhere in the meantime (expiry)');
	assert.equal(await expiry(), '2027-05-05');
	assert.match(here.text(), /2027-01-31/);
	await change(undefined);
	here.type(keys.save);
	await here.waitFor('no credential');
	assert.equal(await expiry(), undefined);
});
