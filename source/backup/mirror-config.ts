import {join} from 'node:path';
import {writeDurably} from '../system/durable-file.ts';
import {readPlainFile} from '../system/plain-file.ts';

/**
The configuration of every mirror. A file in the destination is data, not trust: it is written anew before each use, since
a planted `core.sshCommand`, hook or `insteadOf` would be executed.

`core.fsync`: git's default brings nothing to the disk. `preciousObjects`, `gc` and `maintenance`: nothing is ever removed
behind our back. `unpackLimit`: what comes at once is kept as one pack instead of a file for each object.
*/
export const mirrorConfig = `# Written by bucket-brigade before each use; changes are lost.
[core]
	repositoryformatversion = 1
	filemode = false
	bare = true
	hooksPath = /dev/null
	fsync = all
	logAllRefUpdates = false
	attributesFile = /dev/null
	excludesFile = /dev/null
[extensions]
	preciousObjects = true
[gc]
	auto = 0
	pruneExpire = never
	packRefs = false
[maintenance]
	auto = false
[fetch]
	fsckObjects = true
	unpackLimit = 1
	writeCommitGraph = false
[transfer]
	fsckObjects = true
	bundleURI = false
[fastimport]
	unpackLimit = 1
[protocol]
	version = 2
`;

/** Puts the template in place of whatever stands in a mirror's `config`. */
export async function writeMirrorConfig(folder: string): Promise<void> {
	if (!(await isConfigOurs(folder))) {
		await writeDurably(join(folder, 'config'), mirrorConfig);
	}
}

const maximumConfigBytes = 64 * 1024;

export async function isConfigOurs(folder: string): Promise<boolean> {
	const found = await readPlainFile(join(folder, 'config'), maximumConfigBytes);
	return found?.toString('utf8') === mirrorConfig;
}
