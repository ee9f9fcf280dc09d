import assert from 'node:assert/strict';
import {test} from 'node:test';
import {render} from 'ink-testing-library';
import type {ReactNode} from 'react';
import {Footer} from '../../source/app/components/footer.tsx';
import type {FormField} from '../../source/app/components/form-field.ts';
import {FormView} from '../../source/app/components/form-view.tsx';
import {decideDisplay} from '../../source/app/display.ts';
import {noOverrides} from '../../source/app/input/key-overrides.ts';
import {frameLayout} from '../../source/app/layout.ts';
import {currentVisit, startNavigation} from '../../source/app/navigation.ts';
import {type Shell, ShellContext} from '../../source/app/shell.ts';
import {unicodeSigns} from '../../source/app/theme.ts';
import {createFakeServices} from './fake-services.ts';

/** A part of a screen, 100 columns wide, with a shell around it in which nothing happens. */
function frameOf(part: ReactNode): string {
	const nothing = (): void => undefined;
	const navigation = startNavigation();
	const size = {columns: 100, rows: 30};
	const shell: Shell = {
		services: createFakeServices(),
		size,
		frame: frameLayout(size),
		signs: unicodeSigns,
		keys: {...noOverrides, path: '/home/keys.json'},
		display: decideDisplay({ascii: false}, {}),
		isReadOnly: false,
		updateMilliseconds: 333,
		banner: undefined,
		navigation,
		visit: currentVisit(navigation),
		go: nothing,
		flash: undefined,
		say: nothing,
		question: undefined,
		ask: nothing,
		quit: nothing,
		redraw: nothing,
		suspend: nothing,
		listen: () => nothing,
		cache: new Map(),
	};
	const {lastFrame, unmount} = render(<ShellContext.Provider value={shell}>{part}</ShellContext.Provider>);
	const frame = lastFrame() ?? '';
	unmount();
	return frame;
}

const onChange = (): void => undefined;

test('footer: keys and what they do', () => {
	const run = (): void => undefined;
	const frame = frameOf(
		<Footer
			width={99}
			commands={[
				{id: 'add', label: 'Add plan', run},
				{id: 'run', run, unavailable: 'There is no plan.'},
				{id: 'help', run},
				{id: 'quit', run},
			]}
		/>,
	);
	assert.equal(frame.trimEnd(), ' a Add plan  (r Run now: There is no plan)  ? help  q quit');
});

test('form: a secret is never shown, its length is', () => {
	const secret: FormField = {
		kind: 'secret',
		name: 'secret',
		label: 'Token',
		value: 'ATATT3xCanary',
		onChange,
	};
	for (const focus of [0, 1]) {
		const other: FormField = {kind: 'text', name: 'label', label: 'Label', value: 'bot-1', onChange};
		const frame = frameOf(<FormView fields={[secret, other]} focus={focus} width={98} height={20} />);
		assert.doesNotMatch(frame, /ATATT|Canary/);
		assert.match(frame, /Token +•{13} .*13 characters/);
		assert.match(frame, /Label +bot-1/);
	}
});

test('form: switches say on or off in words, choices say which of how many where there is little room', () => {
	const fields: readonly FormField[] = [
		{kind: 'switch', name: 'on', label: 'bot-1', value: true, onChange, note: 'all it can'},
		{kind: 'switch', name: 'off', label: 'bot-2', value: false, onChange},
		{
			kind: 'choice',
			name: 'kind',
			label: 'Kind',
			value: 'two',
			options: [
				{value: 'one', label: 'the first of them'},
				{value: 'two', label: 'the second'},
			],
			onChange,
		},
	];
	const wide = frameOf(<FormView fields={fields} focus={0} width={98} height={20} />);
	assert.match(wide, /bot-1 +\[ on \] +all it can/);
	assert.match(wide, /bot-2 +\[ off\]/);
	assert.match(wide, /the first of them +\( the second \)/);
	const narrow = frameOf(<FormView fields={fields} focus={0} width={38} height={20} />);
	assert.match(narrow, /\( the second \) +2 of 2/);
});

test('form: what is wrong with a field stands below it, whether it is in focus or not', () => {
	const field: FormField = {
		kind: 'text',
		name: 'label',
		label: 'Label',
		value: '',
		onChange,
		hint: 'what you call it',
		problem: 'a label is needed',
	};
	for (const focus of [0, 1]) {
		const other: FormField = {kind: 'text', name: 'x', label: 'Other', value: '', onChange};
		const frame = frameOf(<FormView fields={[field, other]} focus={focus} width={98} height={20} />);
		assert.match(frame, /a label is needed/);
		assert.doesNotMatch(frame, /what you call it/);
	}
});
