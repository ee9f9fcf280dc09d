import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createRunTally} from '../../source/backup/run-outcome.ts';
import {createFakePool} from './fake-pool.ts';

const end = {pool: createFakePool({origin: 'http://127.0.0.1'}), durationMilliseconds: 0};

test('a note stands among the problems and makes no run partial; what is missing does', () => {
	const tally = createRunTally(1);
	tally.finished('web', 'unchanged', 0, []);
	tally.noted(['old is not listed any more', 'old is not listed any more']);
	const noted = tally.outcome(end);
	assert.equal(noted.status, 'succeeded');
	assert.deepEqual(noted.problems, ['old is not listed any more']);
	tally.missing(['members could not be read']);
	const missing = tally.outcome(end);
	assert.equal(missing.status, 'partial');
	assert.deepEqual(missing.problems, ['members could not be read', 'old is not listed any more']);
});

test('the same words of many repositories are one problem; a single one is named', () => {
	const tally = createRunTally(3);
	tally.finished('a', 'partial', 1, ['hooks could not be read']);
	tally.finished('b', 'partial', 2, ['hooks could not be read', 'b is odd']);
	tally.finished('c', 'backed-up', 3, []);
	const {problems, bytes, status} = tally.outcome(end);
	assert.deepEqual(problems, ['hooks could not be read (2 repositories)', 'b: b is odd']);
	assert.deepEqual([bytes, status], [6, 'partial']);
});

test('of more different problems than anybody reads, the rest is a number', () => {
	const tally = createRunTally(5002);
	for (let index = 0; index < 5000; index += 1) {
		tally.finished(`r${index}`, 'failed', 0, [`r${index} is damaged`]);
	}

	// What is not told apart any more is counted each time.
	tally.finished('r2000', 'failed', 0, ['r2000 is damaged', 'r10 is damaged']);
	const {problems, status} = tally.outcome(end);
	assert.equal(status, 'partial');
	assert.equal(problems.length, 101);
	assert.equal(problems[10], 'r10 is damaged (2 repositories)');
	assert.equal(problems[99], 'r99: r99 is damaged');
	assert.equal(problems[100], '… and 4901 more problems');
});
