import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {describe, test} from 'node:test';
import {keepMoving, oidOf, pointerText} from './lfs-upstream.ts';
import {codeOf as code, openLfsWorkspace} from './lfs-workspace.ts';

const {workspace, lfs, pathOf, isHere, run, listed} = openLfsWorkspace();

test('every object of the whole history is fetched, with the link’s own headers and no other', async () => {
	const old = lfs().keep('an old version');
	const now = lfs().keep('the version of now');
	const side = lfs().keep('on another branch');
	workspace().web.commit('main', {'big.bin': old.pointer});
	workspace().web.commit('main', {'big.bin': now.pointer, 'readme.md': 'text'});
	workspace().web.commit('side', {'other.bin': side.pointer});
	assert.equal((await run()).status, 'backed-up');
	assert.ok([old, now, side].every(({oid}) => isHere(oid)));
	assert.equal(lfs().batches.length, 1);
	assert.equal(lfs().seen.length, 3);
	assert.ok(
		lfs().seen.every(
			({headers}) =>
				headers['x-grant'] === 'for this one' &&
				headers.authorization === undefined &&
				headers['accept-encoding'] === 'identity',
		),
	);
	assert.deepEqual(
		listed().map(({oid}) => oid),
		[old.oid, now.oid, side.oid].sort(),
	);

	const later = lfs().keep('a new version');
	workspace().web.commit('main', {'big.bin': later.pointer});
	await run();
	assert.equal(lfs().seen.length, 4, 'what is here is not fetched again');
	assert.ok(isHere(later.oid));
});

test('progress is told in bytes', async () => {
	const objects = ['one', 'three', 'another'].map(text => lfs().keep(text));
	workspace().web.commit('main', Object.fromEntries(objects.map(({oid, pointer}) => [oid, pointer])));
	const {reports} = await keepMoving(workspace(), workspace().run(['git', 'lfs']));
	const last = reports.findLast(report => report.type === 'repository-progress' && report.stage === 'lfs');
	assert.deepEqual(last?.type === 'repository-progress' && [last.done, last.total, last.unit], [
		15,
		15,
		'bytes',
	]);
});

test('a repository without LFS asks nobody', async () => {
	workspace().web.commit('main', {'readme.md': 'text'});
	assert.equal((await run()).status, 'backed-up');
	assert.equal(lfs().batches.length, 0);
	assert.equal(workspace().file('web', 'lfs.json'), '[]');
});

test('an object that the server lost makes it partial, and the others are saved', async () => {
	const lost = lfs().keep('lost');
	const there = lfs().keep('there');
	workspace().web.commit('main', {'a.bin': lost.pointer, 'b.bin': there.pointer});
	const {describe: link} = lfs();
	for (const number of [404, 410]) {
		lfs().describe = object => (object.oid === lost.oid ? code(number)(object) : link(object));
		const {status, problems} = await run();
		assert.equal(status, 'partial');
		assert.deepEqual(problems, ['1 LFS object is missing upstream']);
		assert.ok(isHere(there.oid));
	}

	lfs().describe = link;
	assert.equal((await run()).status, 'backed-up');
	assert.ok(isHere(lost.oid));
});

test('what comes is checked: other bytes are thrown away and asked for again', async () => {
	const {pointer, oid} = lfs().keep('the right bytes');
	workspace().web.commit('main', {'a.bin': pointer});
	lfs().answerStorage = (request, response) => {
		if (lfs().seen.length === 1) {
			response.end('the wrong bytes');
		} else {
			lfs().give(request, response);
		}
	};
	assert.equal((await run()).status, 'backed-up');
	assert.equal(lfs().seen.length, 2);
	assert.ok(isHere(oid));
});

test('what never comes right is never kept', async () => {
	const {pointer, oid} = lfs().keep('the right bytes');
	workspace().web.commit('main', {'a.bin': pointer});
	lfs().answerStorage = (_, response) => {
		response.writeHead(503).end();
	};
	const {status, problems} = await run();
	assert.equal(status, 'partial');
	assert.match(problems[0] ?? '', /^1 LFS object could not be fetched: 127\.0\.0\.1:\d+ said 503$/);
	assert.equal(existsSync(pathOf(oid)), false);
});

test('a body without an end is not taken beyond the object’s size', async () => {
	const {pointer} = lfs().keep('short');
	workspace().web.commit('main', {'a.bin': pointer});
	let sent = 0;
	lfs().answerStorage = (_, response) => {
		const more = (): void => {
			sent += 1;
			if (!response.destroyed) {
				response.write(Buffer.alloc(64 * 1024), more);
			}
		};
		more();
	};
	const {status, problems} = await run();
	assert.equal(status, 'partial');
	assert.match(problems[0] ?? '', /more than the 5 bytes came/);
	assert.ok(sent < 1000);
});

test('a redirect is followed without any header of the link', async () => {
	const {pointer, oid} = lfs().keep('elsewhere');
	workspace().web.commit('main', {'a.bin': pointer});
	lfs().answerStorage = (request, response) => {
		if (request.url?.endsWith('?moved')) {
			lfs().give(request, response);
		} else {
			response.writeHead(302, {location: `${request.url}?moved`}).end();
		}
	};
	assert.equal((await run()).status, 'backed-up');
	assert.equal(lfs().seen[1]?.headers['x-grant'], undefined);
	assert.ok(isHere(oid));
});

for (const [name, location] of [
	['in a circle', '/again'],
	['to an address without a lock', 'http://storage.example/object'],
	['to an address with a password', 'https://user:word@storage.example/object'],
	['to no address', 'http://:::/'],
] as const) {
	test(`a redirect ${name} is not followed for ever, nor at all`, async () => {
		const {pointer} = lfs().keep('elsewhere');
		workspace().web.commit('main', {'a.bin': pointer});
		lfs().answerStorage = (_, response) => {
			response.writeHead(302, {location}).end();
		};
		const {status, problems} = await run();
		assert.equal(status, 'partial');
		assert.match(problems[0] ?? '', /^1 LFS object could not be fetched: /);
		assert.ok(lfs().seen.length <= 3 * 4);
	});
}

test('nothing that a link holds is told to anyone', async () => {
	const {pointer} = lfs().keep('secret');
	workspace().web.commit('main', {'a.bin': pointer});
	lfs().describe = ({oid, size}) => ({
		oid,
		size,
		actions: {
			download: {
				href: `http://storage.example/${oid}?signature=sealed-by-us`,
				header: {authorization: 'Grant hidden-word'},
			},
		},
	});
	const {reports} = await keepMoving(workspace(), workspace().run(['git', 'lfs']));
	const text = JSON.stringify(reports);
	assert.match(text, /the link to http:\/\/storage\.example\/[0-9a-f]+ is not followed/);
	assert.doesNotMatch(text, /sealed-by-us|hidden-word/);
});

describe('a link that is good for a while', () => {
	test('is asked for anew where its time is over before the object’s turn comes', async () => {
		const objects = Array.from({length: 6}, (_, index) => lfs().keep(`object ${index}`));
		workspace().web.commit(
			'main',
			Object.fromEntries(objects.map(({pointer}, index) => [`${index}.bin`, pointer])),
		);
		const {describe: link} = lfs();
		let asked = 0;
		lfs().describe = object => {
			asked += 1;
			const {actions} = link(object) as {actions: {download: object}};
			const href = `${lfs().storageUrl}/${object.oid}?number=${asked}`;
			return {...object, actions: {download: {...actions.download, href, expires_in: 60}}};
		};
		lfs().answerStorage = (request, response) => {
			// So long takes each of the first four.
			workspace().clock.jump(61_000);
			lfs().give(request, response);
		};
		assert.equal((await run()).status, 'backed-up');
		assert.ok(objects.every(({oid}) => isHere(oid)));
		assert.deepEqual(
			lfs().batches.map(({length}) => length),
			[6, 1, 1],
		);
		const numbers = lfs()
			.seen.map(({path}) => Number(path.replace(/.*=/, '')))
			.sort((a, b) => a - b);
		assert.deepEqual(numbers, [1, 2, 3, 4, 7, 8]);
	});

	for (const [name, expiry] of [
		['by another clock', {expires_at: '2001-01-01T00:00:00Z'}],
		['for less than no time', {expires_in: -5}],
		['until a day that is none', {expires_at: 'tomorrow'}],
	] as const) {
		test(`is used all the same where it is so ${name}`, async () => {
			const {pointer, oid} = lfs().keep('object');
			workspace().web.commit('main', {'a.bin': pointer});
			const {describe: link} = lfs();
			lfs().describe = object => {
				const {actions} = link(object) as {actions: {download: object}};
				return {...object, actions: {download: {...actions.download, ...expiry}}};
			};
			assert.equal((await run()).status, 'backed-up');
			assert.ok(isHere(oid));
			assert.equal(lfs().batches.length, 1);
		});
	}
});

test('a batch that is too much at once is asked for in halves', async () => {
	const objects = Array.from({length: 9}, (_, index) => lfs().keep(`object ${index}`));
	workspace().web.commit('main', Object.fromEntries(objects.map(({oid, pointer}) => [oid, pointer])));
	lfs().answerBatch = ({length}, response) => {
		if (length > 3) {
			response.writeHead(413).end();
		}

		return length > 3;
	};
	assert.equal((await run()).status, 'backed-up');
	assert.ok(objects.every(({oid}) => isHere(oid)));
	assert.deepEqual(
		lfs().batches.map(({length}) => length),
		[9, 5, 3, 2, 4, 2, 2],
	);
});

test('an object at which the server takes offence costs no other its link', async () => {
	const objects = Array.from({length: 5}, (_, index) => lfs().keep(`object ${index}`));
	workspace().web.commit('main', Object.fromEntries(objects.map(({oid, pointer}) => [oid, pointer])));
	const [bad, ...good] = objects;
	lfs().answerBatch = (asked, response) => {
		const isOffended = asked.some(({oid}) => oid === bad?.oid);
		if (isOffended) {
			response.writeHead(422).end();
		}

		return isOffended;
	};
	const {status, problems} = await run();
	assert.deepEqual(
		[status, problems],
		['partial', ['1 LFS object could not be fetched: the LFS server said 422']],
	);
	assert.ok(good.every(({oid}) => isHere(oid)));
});

test('an object without bytes is here without asking', async () => {
	const {pointer, oid} = lfs().keep('');
	workspace().web.commit('main', {'empty.bin': pointer});
	assert.equal((await run()).status, 'backed-up');
	assert.equal(lfs().batches.length, 0);
	assert.equal(readFileSync(pathOf(oid)).length, 0);
	assert.deepEqual(listed(), [{oid, size: 0}]);
});

test('a size that no disk has takes no room, and costs no other object', async () => {
	const there = lfs().keep('there');
	const huge = oidOf(Buffer.from('huge'));
	lfs().contents.set(huge, Buffer.from('huge'));
	const beyond = oidOf(Buffer.from('beyond'));
	workspace().web.commit('main', {
		'a.bin': there.pointer,
		'b.bin': pointerText(huge, Number.MAX_SAFE_INTEGER),
		'c.bin': pointerText(beyond, 2 ** 53),
		'd.bin': pointerText(beyond, -1),
	});
	const {status} = await run();
	assert.equal(status, 'backed-up', 'the hash decides');
	assert.ok(isHere(there.oid));
	assert.deepEqual(
		listed()
			.map(({oid}) => oid)
			.sort(),
		[there.oid, huge].sort(),
	);
});

test('many objects are asked for in batches of a hundred', async () => {
	const count = 5000;
	const {describe: link} = lfs();
	const here = new Set(Array.from({length: 5}, (_, index) => lfs().keep(`object ${index}`).oid));
	workspace().web.importFiles('main', function* () {
		for (let index = 0; index < count; index += 1) {
			const contents = Buffer.from(`object ${index}`);
			yield [`d/${index}.bin`, pointerText(oidOf(contents), contents.length)];
		}
	});
	lfs().describe = object => (here.has(object.oid) ? link(object) : code(404)(object));
	const {problems} = await run();
	assert.deepEqual(problems, [`${count - here.size} LFS objects are missing upstream`]);
	assert.equal(lfs().batches.length, count / 100);
	assert.ok(lfs().batches.every(({length}) => length === 100));
	assert.ok([...here].every(isHere));
});
