import {randomUUID} from 'node:crypto';
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {UserError} from '../system/user-error.ts';

/**
Makes the folder that a plan's mirrors lie in, where it does not exist, and proves that it can be written to, so that a
run that cannot save anything ends before it costs a request.

@throws UserError
*/
export async function usableDestination(folder: string): Promise<string> {
	const destination = resolve(folder);
	const probe = join(destination, `.bucket-brigade-${randomUUID()}`);
	try {
		await mkdir(destination, {recursive: true, mode: 0o700});
		await writeFile(probe, '', {flag: 'wx', mode: 0o600});
		await rm(probe);
	} catch (error) {
		throw new UserError(
			`The destination ${destination} cannot be written to (${(error as NodeJS.ErrnoException).code ?? String(error)}). Make it writable, or give the plan another one with: bucket-brigade plan edit NAME --destination DIR`,
			{cause: error},
		);
	}

	return destination;
}
