import {readdir} from 'node:fs/promises';
import {basename, join, resolve} from 'node:path';
import environmentPaths from 'env-paths';
import {compiledName} from '../system/compile-cache.ts';

/** Where the program keeps its things. Folders need not exist yet. */
export type Home = {
	/** `store.json`: what a person decides. */
	readonly store: string;
	/** `vault.age`: secrets. */
	readonly vault: string;
	/** Folder of the vault's key. */
	readonly keys: string;
	/** `state.db`: what the program finds out. */
	readonly state: string;
	/** Folder of journals. */
	readonly runs: string;
	/** Destination of plans that name none. */
	readonly backups: string;
	/** `keys.json`: a user's own keys of the app. */
	readonly keyMap: string;
	/** Folder of lock files. */
	readonly locks: string;
};

/**
The home that the environment names: `BUCKET_BRIGADE_HOME` with everything inside it, else the folders of the XDG
specification (which are this process's own), or what other systems have in their place.
*/
export function resolveHome(environment: NodeJS.ProcessEnv): Home {
	const folder = environment['BUCKET_BRIGADE_HOME'];
	if (folder !== undefined && folder !== '') {
		const home = resolve(folder);
		return placed({config: home, data: home, state: home});
	}

	const {config, data, log} = environmentPaths('bucket-brigade', {suffix: ''});
	// On Linux `log` is the folder below XDG_STATE_HOME; elsewhere it is one that is cleared now and then.
	return placed({config, data, state: process.platform === 'linux' ? log : data});
}

/** Whether a folder holds nothing but what belongs to a home. */
export async function isHomeAlone(home: Home, folder: string): Promise<boolean> {
	const own = [...Object.values(home).map(path => basename(path)), compiledName];
	return (await readdir(folder)).every(name =>
		own.some(ownName => name === ownName || name.startsWith(`${ownName}.`) || name.startsWith(`${ownName}-`)),
	);
}

function placed(folders: {readonly config: string; readonly data: string; readonly state: string}): Home {
	return {
		store: join(folders.config, 'store.json'),
		vault: join(folders.data, 'vault.age'),
		keys: join(folders.config, 'keys'),
		state: join(folders.state, 'state.db'),
		runs: join(folders.state, 'runs'),
		backups: join(folders.data, 'backups'),
		keyMap: join(folders.config, 'keys.json'),
		locks: join(folders.state, 'locks'),
	};
}
