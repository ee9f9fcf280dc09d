import {existsSync} from 'node:fs';
import module from 'node:module';
import {homedir} from 'node:os';
import {join} from 'node:path';

/**
Has Node.js keep what it makes of the program's text, so that the next start takes half of the time. It lies where nobody else writes:
what is planted there would be run. NODE_DISABLE_COMPILE_CACHE=1 does without.
*/
export function keepCompiled(environment: NodeJS.ProcessEnv): void {
	const folder = compileCacheFolder(environment, homedir());
	// A home that is not there yet is made by whoever gives it its permissions.
	if (folder !== undefined && existsSync(folder.parent)) {
		module.enableCompileCache?.(join(folder.parent, folder.name));
	}
}

/** Where it lies: in the program's home where one is named, else among the caches of the user. */
export function compileCacheFolder(
	environment: NodeJS.ProcessEnv,
	userHome: string,
): {readonly parent: string; readonly name: string} | undefined {
	const home = environment['BUCKET_BRIGADE_HOME'];
	if (home !== undefined && home !== '') {
		return {parent: home, name: 'cache'};
	}

	const caches = environment['XDG_CACHE_HOME'] || (userHome === '' ? '' : join(userHome, '.cache'));
	return caches === '' ? undefined : {parent: caches, name: 'bucket-brigade'};
}
