import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {openTestHome, type TestHome} from './program-process.ts';

let home: TestHome;
before(async () => {
	home = await openTestHome();
});
after(async () => {
	await home.close();
});

test('certificates that are not to be checked are refused, before anything is asked', async () => {
	const {code, stdout, stderr} = await home.run(['organization', 'list'], {
		environment: {NODE_TLS_REJECT_UNAUTHORIZED: '0'},
	});
	assert.equal(code, 1);
	assert.equal(stdout, '');
	assert.match(
		stderr,
		/NODE_TLS_REJECT_UNAUTHORIZED=0 lets whoever stands in between read your tokens\. Unset it/,
	);
	assert.equal((await home.run(['organization', 'list'])).code, 0);
});

for (const [sections, isRefused] of [
	['net', true],
	['fs,HTTP', true],
	['*', true],
	['timer', false],
] as const) {
	test(`NODE_DEBUG=${sections} is ${isRefused ? 'refused: it prints what goes over connections' : 'taken'}`, async () => {
		const {code, stderr} = await home.run(['organization', 'list'], {environment: {NODE_DEBUG: sections}});
		assert.equal(code, isRefused ? 1 : 0);
		assert.equal(
			/NODE_DEBUG with "\w+" in it prints .* your tokens too\. Take it out/.test(stderr),
			isRefused,
		);
	});
}
