import {join} from 'node:path';
import * as z from 'zod';
import {canonicalJson} from '../bitbucket/canonical-json.ts';
import type {BackupPlace} from './backup-place.ts';
import {workspaceFolderName} from './folder-name.ts';
import {readFiles} from './last-snapshot.ts';
import {elementsIn} from './metadata/list-file.ts';
import {type Sign, signsThat} from './metadata/metadata-kind.ts';
import {kindsOf, metadataKinds} from './metadata/metadata-kinds.ts';
import type {Reading} from './metadata/read-kind.ts';
import {saveKinds} from './metadata/save-kinds.ts';
import {backUpMetadata, type MetadataSession, type MetadataSubject} from './metadata-session.ts';

const ProjectSchema = z.looseObject({key: z.string().regex(/^[A-Za-z0-9_]{1,64}$/)});

const workspaceKinds = kindsOf('workspace', 'workspace');
const projectKinds = kindsOf('project', 'workspace');

/**
Backs up what belongs to the workspace rather than to one of its repositories, into snapshots of its own.

@returns what could not be read, in sentences.
*/
export async function backUpWorkspace(place: BackupPlace): Promise<readonly string[]> {
	const {workspace} = place.organization;
	const subject: MetadataSubject = {
		folder: join(place.workspaceFolder, workspaceFolderName),
		name: `the workspace ${workspace}`,
		identity: workspace,
		retention: {kind: 'workspace', name: 'workspace'},
	};
	const {problems} = await backUpMetadata(place, subject, async session => {
		const signs = signsThat({run: true, turn: session.isTurn});
		const readings = await saveKinds(workspaceKinds, {
			...session,
			names: {workspace},
			signs,
			onKind: done => session.progress('workspace', done, workspaceKinds.size, 'kinds'),
		});
		await saveProjects(readings.get('projects'), signs, session);
		return {refs: 0};
	});
	return problems;
}

async function saveProjects(
	list: Reading | undefined,
	signs: ReadonlySet<Sign>,
	session: MetadataSession,
): Promise<void> {
	if (list?.kind !== 'read') {
		session.tree.keep('projects');
		return;
	}

	const before = await readProjectsBefore(session);
	for (const [key, content] of projectsIn(list.contents)) {
		await saveKinds(projectKinds, {
			...session,
			names: {workspace: session.place.organization.workspace, key},
			signs: before.get(key) === content ? signs : new Set([...signs, 'parent']),
		});
	}
}

async function readProjectsBefore({mirror, last}: MetadataSession): Promise<ReadonlyMap<string, string>> {
	const entry = last?.entries.get(metadataKinds.projects.file);
	const [file] = entry === undefined ? [] : await readFiles(mirror, [entry.id]);
	return file === undefined ? new Map() : projectsIn(file);
}

/** By the key of each project, all that the list says of it. */
function projectsIn(file: Buffer): ReadonlyMap<string, string> {
	return new Map(
		elementsIn(file).flatMap(({value, raw}) => {
			const project = ProjectSchema.safeParse(value).data;
			return project === undefined ? [] : [[project.key, canonicalJson(raw)] as const];
		}),
	);
}
