import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseCgiHead} from '../../source/sandbox/cgi.ts';

test('the head of an answer ends at the empty line', () => {
	assert.deepEqual(
		parseCgiHead(Buffer.from('Status: 404 Not Found\r\nContent-Type: text/plain\r\n\r\nbody\r\n\r\n')),
		{
			status: 404,
			headers: [['Content-Type', 'text/plain']],
			bodyAt: 51,
		},
	);
});

test('without a status it is 200, and bare line feeds will do', () => {
	assert.deepEqual(parseCgiHead(Buffer.from('A: b: c\n\n')), {
		status: 200,
		headers: [['A', 'b: c']],
		bodyAt: 9,
	});
});

test('an incomplete head is no head yet', () => {
	assert.equal(parseCgiHead(Buffer.from('Content-Type: text/plain\r\n')), undefined);
});
