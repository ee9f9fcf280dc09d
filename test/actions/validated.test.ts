import assert from 'node:assert/strict';
import {test} from 'node:test';
import {validated} from '../../source/actions/validated.ts';
import {PlanSchema} from '../../source/model/plan.ts';

const token = `ATCTT3xFfGN0${'aB3_-'.repeat(30)}=1A2B3C4D`;

test('validated: a token in any part of what would be kept is refused, and not said again', () => {
	for (const plan of [
		{name: 'nightly', organization: 'acme', exclude: [token]},
		{name: 'nightly', organization: 'acme', destination: `/srv/${token}`},
		{name: token, organization: 'acme'},
	]) {
		assert.throws(
			() => validated(PlanSchema, plan, `the plan "${plan.name}"`),
			(error: Error) => /token|valid/.test(error.message) && !error.message.includes(token.slice(0, 16)),
		);
	}

	assert.equal(
		validated(PlanSchema, {name: 'nightly', organization: 'acme', exclude: ['old-*']}, 'the plan').name,
		'nightly',
	);
});
