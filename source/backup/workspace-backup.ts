import {join} from 'node:path';
import {z} from 'zod';
import type {BackupPlace} from './backup-place.ts';
import {workspaceFolderName} from './folder-name.ts';
import {blobId} from './git-objects.ts';
import {readSnapshotJson} from './last-snapshot.ts';
import {type Reading, readMetadata} from './metadata/read-metadata.ts';
import {projectKinds, type WorkspaceKind, workspaceKinds} from './metadata/workspace-kinds.ts';
import {backUpMetadata, type MetadataSession, type MetadataSubject} from './metadata-session.ts';
import {stableJson} from './stable-json.ts';

const ProjectSchema = z.looseObject({key: z.string().regex(/^[A-Za-z0-9_]{1,64}$/)});
type Project = z.infer<typeof ProjectSchema>;

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
		const path = `/workspaces/${workspace}`;
		for (const [index, kind] of workspaceKinds.entries()) {
			session.progress('workspace', index, workspaceKinds.length, 'kinds');
			const reading = await read(kind, path, session);
			store(`${kind.name}.json`, reading, session);
			if (kind.name === 'projects') {
				await readProjects(reading, session);
			}
		}

		return {refs: 0};
	});
	return problems;
}

async function readProjects(list: Reading, session: MetadataSession): Promise<void> {
	if (list.kind !== 'read') {
		session.tree.keep('projects');
		return;
	}

	const before = await readSnapshotJson(session.mirror, session.last, 'projects.json');
	const known = new Map(projectsIn(before).map(project => [project.key, blobId(stableJson(project))]));
	for (const project of projectsIn(list.value)) {
		const isKnown = known.get(project.key) === blobId(stableJson(project));
		await readProject(project.key, isKnown, session);
	}
}

/** Reads all of a project that changed or whose turn it is; of any other only what the last snapshot lacks. */
async function readProject(key: string, isKnown: boolean, session: MetadataSession): Promise<void> {
	const {place, last, tree, isTurn} = session;
	for (const kind of projectKinds) {
		const file = `projects/${key}/${kind.name}.json`;
		const isLacking = last?.record?.incomplete.some(({path}) => path === file) ?? true;
		if (isKnown && !isTurn && !isLacking) {
			tree.keep(file);
		} else {
			const path = `/workspaces/${place.organization.workspace}/projects/${key}`;
			store(file, await read(kind, path, session), session);
		}
	}
}

function projectsIn(value: unknown): readonly Project[] {
	return (Array.isArray(value) ? value : []).flatMap(element => ProjectSchema.safeParse(element).data ?? []);
}

async function read(kind: WorkspaceKind, path: string, {pool}: MetadataSession): Promise<Reading> {
	return readMetadata(pool, {...kind, path: path + kind.path});
}

function store(file: string, reading: Reading, {tree, problems}: MetadataSession): void {
	if (reading.kind === 'read') {
		tree.write(file, stableJson(reading.value));
	} else if (reading.kind === 'unreadable') {
		tree.keep(file);
		problems.add(file, reading.problem);
	}
}
