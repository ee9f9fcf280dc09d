import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {test} from 'node:test';
import type {useState as UseState} from 'react';
import type {Flash} from '../../source/app/shell.ts';
import {createFakeServices} from './fake-services.ts';
import {keys} from './terminal.ts';

type Setter = (next: unknown) => void;

/*
React keeps each change of a state until it draws the component anew, also a change to what the state was; nothing on the screen
tells of it. So the changes themselves are looked at: what is loaded from here on gets a `useState` that notes them, by the state.
*/
const states = new Map<Setter, {readonly changes: unknown[]; readonly set: Setter}>();
const react = createRequire(import.meta.url)('react') as {useState: typeof UseState};
const {useState} = react;
react.useState = ((initial: unknown) => {
	const [value, set] = useState(initial);
	const state = states.get(set) ?? noting(set);
	states.set(set, state);
	return [value, state.set];
}) as typeof UseState;

function noting(set: Setter): {readonly changes: unknown[]; readonly set: Setter} {
	const changes: unknown[] = [];
	return {
		changes,
		set: next => {
			changes.push(next);
			set(next);
		},
	};
}

const {openApp} = await import('./open-app.ts');

const isFlash = (value: unknown): value is Flash =>
	typeof value === 'object' && value !== null && 'tone' in value && 'text' in value;

test('said: keys that say nothing change what is said once at the most', async context => {
	const app = openApp(context, createFakeServices({runs: async () => []}), {startAt: {screen: 'runs'}});
	await app.waitFor('Nothing was run yet. In Plans');
	// Up says nothing; Enter says why it opens nothing.
	app.type(`kk${keys.enter}kkk${keys.enter}2`);
	await app.waitFor('nightly');
	const said = [...states.values()].map(({changes}) => changes).find(changes => changes.some(isFlash)) ?? [];
	assert.deepEqual(
		said.map(flash => (isFlash(flash) ? flash.text : flash)),
		['Nothing was run yet.', undefined, 'Nothing was run yet.', undefined],
	);
});
