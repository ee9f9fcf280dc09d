import {Writable} from 'node:stream';
import * as z from 'zod';
import type {AccountPool} from '../../accounts/pool-types.ts';
import {plainTarget} from '../../bitbucket/body-target.ts';
import {takeOver} from '../draft.ts';
import {folderUnit} from '../draft-chunk.ts';
import type {Drafting} from '../drafting.ts';
import type {LastSnapshot} from '../last-snapshot.ts';
import type {Mirror} from '../mirror.ts';
import type {Problems} from '../problems.ts';
import type {ReportProgress} from '../progress.ts';
import {areSame} from '../same-content.ts';
import type {SnapshotTree} from '../snapshot-tree.ts';
import {elementFile, elementsIn} from './list-file.ts';
import {fillIn, type MetadataKind, type Names, signsThat} from './metadata-kind.ts';
import {kindsOf, metadataKinds} from './metadata-kinds.ts';
import {failedReading, readKind, requestFor, requestForPages} from './read-kind.ts';
import {putReading, saveKinds} from './save-kinds.ts';

const PipelineSchema = z.looseObject({uuid: z.string(), build_number: z.number().int().nonnegative()});
/** A pipeline as it is listed. */
type Pipeline = {
	readonly uuid: string;
	readonly number: number;
	readonly isCompleted: boolean;
	readonly contents: Buffer;
};
/** One that is at its end: the logs of any other go on while nothing else of it changes. */
const CompletedPipelineSchema = z.looseObject({state: z.looseObject({name: z.literal('COMPLETED')})});
const StepSchema = z.looseObject({uuid: z.string()});

export type ReadPipelinesOptions = {
	readonly pool: AccountPool;
	readonly names: Names;
	readonly mirror: Mirror;
	readonly isTurn: boolean;
	readonly tree: SnapshotTree;
	readonly last: LastSnapshot | undefined;
	readonly drafting: Drafting;
	readonly problems: Problems;
	readonly progress: ReportProgress;
};

/** Pipelines end in about the order in which they begin: after so many known ones in a row, all older ones are known. */
const knownInARow = 100;

/** Logs are kept up to this size, in bytes; Bitbucket cuts longer ones itself at 100 MB. */
const maximumLogBytes = 100 * 1024 * 1024;

/**
Puts the history of a repository's pipelines into a snapshot: each with its steps and their logs. What is known from the
last snapshot stays, also when Bitbucket has thrown it away since.
*/
export async function readPipelines(options: ReadPipelinesOptions): Promise<void> {
	const {pool, names, tree, last, drafting, problems, progress} = options;
	const kind = metadataKinds.pipelines;
	const kept = [...(last?.entries.keys() ?? [])].filter(entry => /^pipelines\/\d+$/.test(entry));
	kept.forEach(tree.keep);
	await saveDeployments(options);
	const request = requestForPages(kind, names);
	let known = 0;
	let done = 0;
	try {
		// Oldest first is Bitbucket's own order.
		for await (const {elements} of pool.listPages({...request, url: `${request.url}&sort=-created_on`})) {
			const pipelines = elements.flatMap(({value, raw}) => pipelineOf(value, raw) ?? []);
			const areKnown = await findKnown(pipelines, options);
			for (const [index, pipeline] of pipelines.entries()) {
				known = areKnown[index] ? known + 1 : 0;
				if (!areKnown[index]) {
					await takeOrRead(pipeline, options);
				}

				done += 1;
				progress('settings', done, 0, 'pipelines');
			}

			if (known >= knownInARow) {
				break;
			}
		}
	} catch (error) {
		const reading = failedReading(kind, error);
		if (reading.kind === 'unreadable') {
			problems.add('pipelines', reading.problem);
			return;
		}
	}

	drafting.settled('pipelines');
}

function pipelineOf(value: unknown, raw: Buffer): Pipeline | undefined {
	const pipeline = PipelineSchema.safeParse(value).data;
	return pipeline === undefined
		? undefined
		: {
				uuid: pipeline.uuid,
				number: pipeline.build_number,
				isCompleted: CompletedPipelineSchema.safeParse(value).success,
				contents: elementFile(raw),
			};
}

const repositoryKinds = kindsOf('repository', 'pipelines');

/** All kinds of the repository itself but the list of pipelines, which is read for its elements. */
async function saveDeployments(options: ReadPipelinesOptions): Promise<void> {
	const isThere = options.last?.entries.has(metadataKinds.deployments.file) === true;
	await saveKinds(new Map([...repositoryKinds].filter(([name]) => name !== 'pipelines')), {
		...options,
		signs: signsThat({turn: options.isTurn || !isThere}),
	});
}

function folderOf({number}: Pick<Pipeline, 'number'>): string {
	return `pipelines/${number}`;
}

/** A pipeline of the draft says nothing of older ones: they may be what was not read any more. */
async function takeOrRead(pipeline: Pipeline, options: ReadPipelinesOptions): Promise<void> {
	const {mirror, tree, drafting, problems} = options;
	const folder = folderOf(pipeline);
	const drafted = drafting.left?.units.get(folder);
	const [isSame] = await areSame(mirror, [
		{saved: drafted?.files.get('pipeline.json'), contents: pipeline.contents},
	]);
	if (drafted !== undefined && isSame && pipeline.isCompleted) {
		takeOver(folder, drafted, tree);
		return;
	}

	const files = await readPipeline(pipeline, options);
	await drafting.finished([folderUnit(folder, files, !problems.has(folder))]);
}

/** Which of some pipelines the last snapshot holds whole and as they are listed. */
async function findKnown(
	pipelines: readonly Pipeline[],
	{mirror, last}: ReadPipelinesOptions,
): Promise<readonly boolean[]> {
	const pairs = pipelines.map(pipeline => ({
		saved: last?.entries.get(`${folderOf(pipeline)}/pipeline.json`)?.id,
		contents: pipeline.contents,
	}));
	const same = await areSame(mirror, pairs);
	const incomplete = last?.record?.incomplete;
	return pipelines.map((pipeline, index) => {
		const isLacking = incomplete?.some(({path}) => path.startsWith(`${folderOf(pipeline)}/`)) ?? true;
		return !isLacking && same[index] === true;
	});
}

/** @returns names of its files below its folder. */
async function readPipeline(pipeline: Pipeline, options: ReadPipelinesOptions): Promise<readonly string[]> {
	const {pool, tree} = options;
	const folder = folderOf(pipeline);
	const names = {...options.names, uuid: pipeline.uuid, number: String(pipeline.number)};
	tree.write(`${folder}/pipeline.json`, pipeline.contents);
	const reading = await readKind(pool, metadataKinds['pipeline/steps'], names);
	putReading(fillIn(metadataKinds['pipeline/steps'].file, names), reading, options);
	if (reading.kind !== 'read') {
		return ['pipeline.json'];
	}

	const steps = elementsIn(reading.contents).flatMap(({value}) => StepSchema.safeParse(value).data ?? []);
	for (const [index, {uuid}] of steps.entries()) {
		await readLog({...names, step: uuid, index: String(index + 1)}, options);
	}

	return ['pipeline.json', 'steps.json', ...steps.map((_, index) => `logs/${index + 1}.log`)];
}

async function readLog(names: Names, {pool, tree, problems}: ReadPipelinesOptions): Promise<void> {
	const kind: MetadataKind = metadataKinds['pipeline/logs'];
	const file = fillIn(kind.file, names);
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
		const request = {...requestFor(kind, names), resource: kind.resource, accept: 'application/octet-stream'};
		await pool.download({...request, maximumBytes: maximumLogBytes}, plainTarget(open));
		tree.write(file, Buffer.concat(chunks));
	} catch (error) {
		const reading = failedReading(kind, error);
		// A step that never ran has no log; old logs are thrown away.
		if (reading.kind === 'unreadable') {
			problems.add(file, reading.problem);
		}
	}
}
