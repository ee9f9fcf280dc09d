import assert from 'node:assert/strict';
import {test} from 'node:test';
import {safeJson} from '../../source/system/safe-json.ts';

test('JSON holds nothing that a terminal acts upon, and means the same', () => {
	const value = {
		title: '\u001b[31m red \u009b2J \u202eevil \u2066 \u2028 \u007f \u200b \u{e0001} \ufff9 \udc00',
		plain: 'Übersicht 日本語 🎉 "quoted" \\ \n',
	};
	const text = safeJson(value);
	assert.doesNotMatch(text, /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\ufff9]/);
	assert.doesNotMatch(text, /\u{e0001}/u);
	assert.deepEqual(JSON.parse(text), value);
	assert.ok(text.includes('Übersicht 日本語'));
});
