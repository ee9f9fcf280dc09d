import {mkdir, mkdtemp, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {git, runGit} from '../../system/git.ts';
import {sanitize} from '../../system/sanitize.ts';
import type {LfsObject} from '../lfs/pointer.ts';
import type {MirrorReader} from '../mirror.ts';
import {lfsFolder} from './lfs-objects.ts';
import {notUploaded, type UploadedLfs} from './upload-lfs.ts';

/** What one git-lfs is given; its arguments must not become too long. */
const objectsAtOnce = 500;

/**
Lets the user's own git-lfs upload objects, as it signs in for the user. It works in an empty repository of its own, beside
which the mirror's objects appear: neither the mirror's configuration nor a `.lfsconfig` of the history has a say, and git-lfs
writes nothing into the mirror.

@throws the signal's reason.
*/
export async function uploadByUsersLfs(options: {
	readonly mirror: MirrorReader;
	readonly url: string;
	readonly objects: readonly LfsObject[];
	readonly usersConfiguration: {readonly allowHttp: boolean};
}): Promise<UploadedLfs> {
	const {mirror, url, objects, usersConfiguration} = options;
	const {signal} = mirror;
	const run = {usersConfiguration, signal};
	if ((await runGit({...run, arguments: ['lfs', 'version']})).exitCode !== 0) {
		return {uploaded: 0, problems: [notUploaded(objects.length, 'git-lfs is not installed')]};
	}

	const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-lfs-'));
	try {
		await git({arguments: ['init', '--quiet', '--bare', '--', folder], signal});
		await mkdir(join(folder, 'lfs'));
		await symlink(lfsFolder(mirror.folder), lfsFolder(folder));
		for (let start = 0; start < objects.length; start += objectsAtOnce) {
			const ids = objects.slice(start, start + objectsAtOnce).map(({oid}) => oid);
			const {exitCode, stderr, stdout} = await runGit({
				...run,
				gitDirectory: folder,
				arguments: ['lfs', 'push', '--object-id', url, ...ids],
			});
			if (exitCode !== 0) {
				const reason = `git-lfs said: ${lastLine(stderr + stdout)}`;
				return {uploaded: start, problems: [notUploaded(objects.length - start, reason)]};
			}
		}

		return {uploaded: objects.length, problems: []};
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

function lastLine(text: string): string {
	const lines = text
		.split(/[\r\n]+/)
		.map(line => sanitize(line).trim())
		.filter(line => line !== '');
	return (lines.at(-1) ?? 'nothing').replace(/:\/\/[^/@\s]*@/g, '://');
}
