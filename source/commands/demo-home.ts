import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {makePrivateFolder} from '../system/durable-file.ts';

export type DemoHome = {
	readonly folder: string;
	readonly isKept: boolean;
	/** The environment with this home in the place of the user's own, and without the user's own keys. */
	readonly environment: NodeJS.ProcessEnv;
	readonly close: () => Promise<void>;
};

/** The folder given, or a throw-away one. The user's own store and keys are neither read nor written. */
export async function openDemoHome(
	environment: NodeJS.ProcessEnv,
	folder: string | undefined,
): Promise<DemoHome> {
	const chosen =
		folder === undefined ? await mkdtemp(join(tmpdir(), 'bucket-brigade-demo-')) : resolve(folder);
	await makePrivateFolder(chosen);
	const own = Object.fromEntries(
		Object.entries(environment).filter(
			([name]) => !name.startsWith('BUCKET_BRIGADE_') && name !== 'CREDENTIALS_DIRECTORY',
		),
	);
	return {
		folder: chosen,
		isKept: folder !== undefined,
		environment: {...own, BUCKET_BRIGADE_HOME: chosen},
		close: async () => {
			if (folder === undefined) {
				await rm(chosen, {recursive: true, force: true, maxRetries: 3});
			}
		},
	};
}
