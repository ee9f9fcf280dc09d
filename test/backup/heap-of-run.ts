import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {runPlan} from '../../source/backup/runner.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import {initialRunState, reduceRun} from '../../source/runs/run-state.ts';
import {createCatalog} from '../../source/store/catalog.ts';
import {createRedactor} from '../../source/system/redactor.ts';
import {openDatabase} from '../../source/system/sqlite.ts';
import {createFakeClock} from '../fake-clock.ts';
import {createFakePool} from './fake-pool.ts';

/*
A run over so many repositories as the only argument says, in a process of its own that lets the garbage collector be called.
None of them can be backed up, since what stands for their uuids is none: so the run is over in a moment, and went through
all of its states. Prints, as JSON, the bytes of heap that were in use when the first one began and when the last one had ended.
*/

const repositories = Number(process.argv[2]);
const collect = globalThis.gc;
if (collect === undefined) {
	throw new Error('This needs --expose-gc.');
}

const heap = (): number => {
	collect();
	return process.memoryUsage().heapUsed;
};

/** Some ten kilobytes, as Bitbucket's are, built anew for each repository. */
function description(index: number): unknown {
	const slug = `repository-${index}`;
	const address = `https://api.bitbucket.org/2.0/repositories/acme/${slug}`;
	const links = Object.fromEntries(
		Array.from({length: 60}, (_, link) => [`link-${link}`, {href: `${address}/${link}/${'x'.repeat(60)}`}]),
	);
	return {uuid: `{${index}}`, slug, full_name: `acme/${slug}`, updated_on: '2026-11-22T02:00:00Z', links};
}

function* list(): Generator<unknown> {
	for (let index = 0; index < repositories; index += 1) {
		yield description(index);
	}
}

const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-heap-'));
const catalog = createCatalog(openDatabase(':memory:'));
const at = '2026-11-21T02:00:00.000Z';
for (let index = 0; index < repositories; index += 1) {
	catalog.put({
		workspace: 'acme',
		uuid: `{${index}}`,
		slug: `repository-${index}`,
		plan: 'nightly',
		lastRunAt: at,
		lastBackupAt: at,
		snapshot: '20261121T020000.000Z',
		costs: {
			nightly: {
				at,
				first: {api: 300 + index, git: 4},
				unchanged: {api: 1, git: 1},
				changedShare: index / 1e6,
			},
		},
	});
}

const run = '20261122T020000.000Z-nightly';
let state = initialRunState(run);
let finished = 0;
let whenBegun = 0;
let whenEnded = 0;
await runPlan({
	plan: PlanSchema.parse({name: 'nightly', organization: 'acme', data: ['git', 'pull-requests', 'settings']}),
	organization: OrganizationSchema.parse({
		workspace: 'acme',
		primaryCredential: {id: '1', label: 'primary', kind: 'workspace-access-token', addedAt: at},
	}),
	destination: folder,
	pool: createFakePool({origin: 'http://127.0.0.1', answers: () => list()}),
	report: report => {
		state = reduceRun(state, {...report, at, run});
		if (report.type === 'repository-started' && whenBegun === 0) {
			whenBegun = heap();
		} else if (report.type === 'repository-finished') {
			finished += 1;
			whenEnded = finished === repositories ? heap() : 0;
		}
	},
	clock: createFakeClock(Date.parse('2026-11-22T02:00:00.000Z')),
	signal: new AbortController().signal,
	memory: catalog,
	run,
	redactor: createRedactor(),
});
rmSync(folder, {recursive: true, force: true});
process.stdout.write(JSON.stringify({whenBegun, whenEnded, failed: state.counts.failed}));
