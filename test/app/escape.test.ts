import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {type EscapeSituation, type EscapeStep, escapeStep} from '../../source/app/input/escape.ts';
import {createFakeServices} from './fake-services.ts';
import {openApp} from './open-app.ts';
import {keys} from './terminal.ts';

const quiet: EscapeSituation = {
	isAsking: false,
	help: 'closed',
	inner: 'none',
	hasUnsavedChanges: false,
	isRoot: false,
};

/** Everything open at once, then less and less of it: the order in which Escape closes. */
const order: ReadonlyArray<readonly [Partial<EscapeSituation>, EscapeStep]> = [
	[{isAsking: true, help: 'filtered', inner: 'changed', hasUnsavedChanges: true}, 'answer-cancel'],
	[{help: 'filtered', inner: 'changed', hasUnsavedChanges: true}, 'clear-help-filter'],
	[{help: 'open', inner: 'changed', hasUnsavedChanges: true}, 'close-help'],
	[{inner: 'changed', hasUnsavedChanges: true}, 'ask-then-close-inner'],
	[{inner: 'unchanged', hasUnsavedChanges: true}, 'close-inner'],
	[{hasUnsavedChanges: true}, 'ask-then-back'],
	[{}, 'back'],
	[{isRoot: true}, 'nothing'],
	[{isRoot: true, inner: 'unchanged'}, 'close-inner'],
	[{isRoot: true, help: 'open'}, 'close-help'],
];

for (const [situation, expected] of order) {
	test(`escape: ${JSON.stringify(situation)} means ${expected}`, () => {
		assert.equal(escapeStep({...quiet, ...situation}), expected);
	});
}

test('escape: nothing that was entered is ever dropped without a question', () => {
	const situations = fc.record({
		isAsking: fc.boolean(),
		help: fc.constantFrom('closed', 'open', 'filtered'),
		inner: fc.constantFrom('none', 'unchanged', 'changed'),
		hasUnsavedChanges: fc.boolean(),
		isRoot: fc.boolean(),
	} as const);
	fc.assert(
		fc.property(situations, situation => {
			const step = escapeStep(situation);
			assert.ok(!(step === 'back' && (situation.hasUnsavedChanges || situation.inner !== 'none')));
			assert.ok(!(step === 'close-inner' && situation.inner === 'changed'));
		}),
	);
});

test('escape: out of the advanced settings level by level, and quitting there asks for the plan below', async context => {
	const app = openApp(context, createFakeServices(), {startAt: {screen: 'plan', name: 'nightly'}});
	await app.waitFor('Advanced settings');
	// The plan itself is changed, its advanced settings are not.
	app.type('-x');
	await app.waitFor('changed, not saved');
	app.type(keys.up + keys.enter);
	await app.waitFor('› Advanced settings');
	app.type('q');
	await app.waitFor('Drop the changes?');
	app.type(keys.escape);
	await app.waitFor('Additional git credentials');
	app.type('?');
	await app.waitFor('Keys of this screen');
	app.type('/zz');
	await app.waitFor('no key does that here');
	app.type(keys.escape);
	await app.waitFor('Space');
	app.type(keys.escape);
	await app.waitFor('Additional git credentials');
	// Nothing was changed in this part: it closes at once.
	app.type(keys.escape);
	await app.waitFor(/Name +nightly-x/);
	app.type(keys.escape);
	await app.waitFor('Drop the changes?');
	app.type(keys.right + keys.enter);
	await app.waitFor(/Plan +Organization/);
});
