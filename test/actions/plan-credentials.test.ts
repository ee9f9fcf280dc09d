import assert from 'node:assert/strict';
import test from 'node:test';
import {chooseAdditionalCredentials, credentialsOfPlan} from '../../source/actions/plan-credentials.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {UserError} from '../../source/system/user-error.ts';

const credential = (label: string) => ({
	id: `id-of-${label}`,
	label,
	kind: 'workspace-access-token',
	addedAt: '2026-11-23T00:00:00.000Z',
});

const organization = OrganizationSchema.parse({
	workspace: 'acme',
	primaryCredential: credential('primary'),
	additionalCredentials: [credential('one'), credential('two')],
});

const planWith = (additionalCredentials: object) =>
	PlanSchema.parse({name: 'nightly', organization: 'acme', advanced: {additionalCredentials}});

test('all, none and labels become the ids of the credentials that exist now', () => {
	assert.deepEqual(chooseAdditionalCredentials(organization, 'all'), {
		enabled: true,
		credentials: ['id-of-one', 'id-of-two'],
	});
	assert.deepEqual(chooseAdditionalCredentials(organization, 'none'), {enabled: false, credentials: []});
	assert.deepEqual(chooseAdditionalCredentials(organization, ['two']), {
		enabled: true,
		credentials: ['id-of-two'],
	});
});

test('an unknown label is refused with the known ones', () => {
	assert.throws(
		() => chooseAdditionalCredentials(organization, ['one', 'three']),
		(error: unknown) =>
			error instanceof UserError && error.exitCode === 2 && /"three".*Known: one, two\./.test(error.message),
	);
	assert.throws(() => chooseAdditionalCredentials(organization, ['primary']), /primary credential/);
});

test('a run signs in with the primary credential and those switched on, and no other', () => {
	const labels = (additionalCredentials: object): string[] =>
		credentialsOfPlan(organization, planWith(additionalCredentials)).map(({label}) => label);
	assert.deepEqual(labels({}), ['primary']);
	assert.deepEqual(labels({enabled: true, credentials: ['id-of-two']}), ['primary', 'two']);
	assert.deepEqual(labels({enabled: true, credentials: ['id-of-two', 'id-of-one', 'gone']}), [
		'primary',
		'one',
		'two',
	]);
	assert.deepEqual(labels({enabled: false, credentials: ['id-of-two']}), ['primary']);
});
