import {GitFailed} from '../../system/git.ts';
import type {MirrorReader} from '../mirror.ts';
import {haveSameRefs, refsThatDiffer} from '../ref-list.ts';
import {shown} from './finding.ts';
import type {Sample} from './sample.ts';
import {careless, makeWorkshop, type Workshop} from './workshop.ts';

/**
How git is asked for the objects: by their ids, also those that no ref points to, whoever the mirror belongs to. Copying from one
folder to another goes through the same program as answering a clone.
*/
const uploadPack =
	'git -c safe.directory=* -c uploadpack.allowAnySHA1InWant=true -c core.hooksPath=/dev/null upload-pack';

/**
Restores a sample of a snapshot to another place with plain git, and compares: every ref is there with the same object, and
everything that it leads to.

@param workFolder A folder that does not exist yet.
@returns what is wrong, as a part of a sentence; undefined where all is well.
*/
export async function tryRestore(
	mirror: MirrorReader,
	{refs, isWhole}: Sample,
	workFolder: string,
): Promise<string | undefined> {
	if (refs.size === 0) {
		return undefined;
	}

	const place = await makeWorkshop(workFolder, mirror.signal);
	try {
		await place.write(
			[
				...careless,
				'fetch',
				'--quiet',
				'--no-tags',
				'--no-write-fetch-head',
				'--no-auto-maintenance',
				'--no-recurse-submodules',
				...(isWhole ? [] : ['--depth=1']),
				`--upload-pack=${uploadPack}`,
				'--stdin',
				'--',
				mirror.folder,
			],
			{
				input: Buffer.from([...refs].map(([name, id]) => `${id}:${name}\n`).join(''), 'latin1'),
				environment: {GIT_ALLOW_PROTOCOL: 'file'},
			},
		);
		await place.read(['rev-list', '--objects', '--all', '--quiet']);
	} catch (error) {
		if (error instanceof GitFailed) {
			return error.message.replace(/^git \S+ failed: /, 'git says ');
		}

		throw error;
	}

	const restored = await readRefs(place);
	const [different] = refsThatDiffer(refs, restored);
	return haveSameRefs(refs, restored) ? undefined : `${shown(different ?? '')} is not what it was`;
}

async function readRefs(place: Workshop): Promise<ReadonlyMap<string, string>> {
	const output = await place.read(['for-each-ref', '--format=%(objectname) %(refname)']);
	return new Map(
		output
			.toString('latin1')
			.split('\n')
			.flatMap(line => {
				const [id = '', name] = line.split(' ');
				return name === undefined ? [] : [[name, id] as const];
			}),
	);
}
