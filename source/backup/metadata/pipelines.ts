import {Writable} from 'node:stream';
import {z} from 'zod';
import type {AccountPool} from '../../accounts/pool-types.ts';
import {plainTarget} from '../../bitbucket/body-target.ts';
import {RequestFailed} from '../../bitbucket/failures.ts';
import {takeOver} from '../draft.ts';
import {folderUnit} from '../draft-chunk.ts';
import type {Drafting} from '../drafting.ts';
import {blobId} from '../git-objects.ts';
import type {LastSnapshot} from '../last-snapshot.ts';
import type {Problems} from '../problems.ts';
import type {ReportProgress} from '../progress.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {stableJson} from '../stable-json.ts';
import {readMetadata, unreadable} from './read-metadata.ts';

const PipelineSchema = z.looseObject({uuid: z.string(), build_number: z.number().int().nonnegative()});
type Pipeline = z.infer<typeof PipelineSchema>;
/** One that is at its end: the logs of any other go on while nothing else of it changes. */
const CompletedPipelineSchema = z.looseObject({state: z.looseObject({name: z.literal('COMPLETED')})});
const StepSchema = z.looseObject({uuid: z.string()});

export type ReadPipelinesOptions = {
	readonly pool: AccountPool;
	readonly path: string;
	readonly slug: string;
	readonly tree: SnapshotTree;
	readonly last: LastSnapshot | undefined;
	readonly drafting: Drafting;
	readonly problems: Problems;
	readonly progress: ReportProgress;
};

const scope = 'read:pipeline:bitbucket';

/** Pipelines end in about the order in which they begin: after so many known ones in a row, all older ones are known. */
const knownInARow = 100;

/** Logs are kept up to this size, in bytes; Bitbucket cuts longer ones itself at 100 MB. */
const maximumLogBytes = 100 * 1024 * 1024;

/**
Puts the history of a repository's pipelines into a snapshot: each with its steps and their logs. What is known from the
last snapshot stays, also when Bitbucket has thrown it away since.
*/
export async function readPipelines(options: ReadPipelinesOptions): Promise<void> {
	const {pool, path, slug, tree, last, drafting, problems, progress} = options;
	const kept = [...(last?.entries.keys() ?? [])].filter(entry => /^pipelines\/\d+$/.test(entry));
	kept.forEach(tree.keep);
	let known = 0;
	let done = 0;
	try {
		// Oldest first is Bitbucket's own order.
		const url = `${path}/pipelines?sort=-created_on&pagelen=100`;
		for await (const value of pool.pages({url, repository: slug})) {
			const pipeline = PipelineSchema.safeParse(value);
			if (!pipeline.success) {
				continue;
			}

			if (isKnown(pipeline.data, last)) {
				known += 1;
				if (known >= knownInARow) {
					break;
				}
			} else {
				known = 0;
				await takeOrRead(pipeline.data, options);
			}

			done += 1;
			progress('settings', done, 0, 'pipelines');
		}
	} catch (error) {
		if (!(error instanceof RequestFailed) || error.reason === 'no-account') {
			throw error;
		}

		if (error.reason !== 'not-found' && error.reason !== 'gone') {
			problems.add('pipelines', unreadable({label: 'pipelines', scope}, error));
			return;
		}
	}

	drafting.settled('pipelines');
}

/** A pipeline of the draft says nothing of older ones: they may be what was not read any more. */
async function takeOrRead(pipeline: Pipeline, options: ReadPipelinesOptions): Promise<void> {
	const {tree, drafting, problems} = options;
	const folder = `pipelines/${pipeline.build_number}`;
	const drafted = drafting.left?.units.get(folder);
	if (
		drafted?.files.get('pipeline.json') === blobId(stableJson(pipeline)) &&
		CompletedPipelineSchema.safeParse(pipeline).success
	) {
		takeOver(folder, drafted, tree);
		return;
	}

	const files = await readPipeline(pipeline, options);
	await drafting.finished([folderUnit(folder, files, !problems.has(folder))]);
}

function isKnown(pipeline: Pipeline, last: LastSnapshot | undefined): boolean {
	const folder = `pipelines/${pipeline.build_number}`;
	const isLacking = last?.record?.incomplete.some(({path}) => path.startsWith(`${folder}/`)) ?? true;
	return !isLacking && last?.entries.get(`${folder}/pipeline.json`)?.id === blobId(stableJson(pipeline));
}

/** @returns names of its files below its folder. */
async function readPipeline(pipeline: Pipeline, options: ReadPipelinesOptions): Promise<readonly string[]> {
	const {pool, path, slug, tree, problems} = options;
	const folder = `pipelines/${pipeline.build_number}`;
	const address = `${path}/pipelines/${encodeURIComponent(pipeline.uuid)}/steps`;
	tree.write(`${folder}/pipeline.json`, stableJson(pipeline));
	const reading = await readMetadata(pool, {
		label: 'steps of pipelines',
		shape: 'list',
		path: address,
		repository: slug,
		scope,
	});
	if (reading.kind === 'unreadable') {
		problems.add(`${folder}/steps.json`, reading.problem);
	}

	if (reading.kind !== 'read') {
		return ['pipeline.json'];
	}

	tree.write(`${folder}/steps.json`, stableJson(reading.value));
	const steps = z.array(StepSchema).catch([]).parse(reading.value);
	const logs = steps.map((_, index) => `logs/${index + 1}.log`);
	for (const [index, {uuid}] of steps.entries()) {
		await readLog(`${address}/${encodeURIComponent(uuid)}/log`, `${folder}/${logs[index]}`, options);
	}

	return ['pipeline.json', 'steps.json', ...logs];
}

async function readLog(
	url: string,
	file: string,
	{pool, slug, tree, problems}: ReadPipelinesOptions,
): Promise<void> {
	let chunks: Buffer[] = [];
	const open = (): Writable => {
		chunks = [];
		return new Writable({
			write: (chunk: Buffer, _, done) => {
				chunks.push(chunk);
				done();
			},
		});
	};

	try {
		const accept = 'application/octet-stream';
		await pool.download(
			{url, repository: slug, resource: 'api', accept, maximumBytes: maximumLogBytes},
			plainTarget(open),
		);
		tree.write(file, Buffer.concat(chunks));
	} catch (error) {
		if (!(error instanceof RequestFailed) || error.reason === 'no-account') {
			throw error;
		}

		// A step that never ran has no log; old logs are thrown away.
		if (error.reason !== 'not-found' && error.reason !== 'gone') {
			problems.add(file, unreadable({label: 'logs of pipelines', scope}, error));
		}
	}
}
