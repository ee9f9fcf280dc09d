import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach} from 'node:test';
import type {DataKind} from '../../../source/model/data-kind.ts';
import {makeSmallWorkspace, type RunResult, type SmallWorkspace, uuidOf} from '../small-workspace.ts';
import {keepMoving, type LfsUpstream, startLfsUpstream} from './lfs-upstream.ts';

type LfsWorkspace = {
	readonly workspace: () => SmallWorkspace;
	readonly lfs: () => LfsUpstream;
	/** Where an object lies in the backup. */
	readonly pathOf: (oid: string) => string;
	/** Whether an object lies there, byte for byte. */
	readonly isHere: (oid: string) => boolean;
	/** Backs up Git and LFS, or what is named. */
	readonly run: (...data: readonly DataKind[]) => Promise<ReturnType<RunResult['of']>>;
	/** The objects that the last snapshot lists. */
	readonly listed: () => Array<{oid: string; size: number}>;
};

/** Makes a workspace of one repository with LFS for each test, and closes it after it. */
export function openLfsWorkspace(): LfsWorkspace {
	let workspace: SmallWorkspace;
	let lfs: LfsUpstream;
	beforeEach(async () => {
		workspace = await makeSmallWorkspace();
		workspace.answers.set('/repositories/acme', [{uuid: uuidOf(1), slug: 'web'}]);
		lfs = await startLfsUpstream(workspace);
	});
	afterEach(async () => {
		await workspace.close();
		await lfs.close();
	});
	const pathOf = (oid: string): string =>
		join(workspace.mirror('web'), 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
	return {
		workspace: () => workspace,
		lfs: () => lfs,
		pathOf,
		isHere: oid =>
			existsSync(pathOf(oid)) && readFileSync(pathOf(oid)).equals(lfs.contents.get(oid) ?? Buffer.alloc(0)),
		run: async (...data) => {
			const {of} = await keepMoving(workspace, workspace.run(data.length > 0 ? data : ['git', 'lfs']));
			return of('web');
		},
		listed: () => JSON.parse(workspace.file('web', 'lfs.json') ?? '[]') as Array<{oid: string; size: number}>,
	};
}

/** How a server of LFS refuses an object. */
export const codeOf =
	(number: number) =>
	({oid, size}: {oid: string; size: number}) => ({oid, size, error: {code: number, message: 'Not so'}});
