import {writeDurably} from '../system/durable-file.ts';
import {UserError} from '../system/user-error.ts';

/** Writes a file of the home durably, for its owner alone. @throws UserError where that fails; the old file is as it was. */
export async function writeFileOfHome(path: string, contents: string | Uint8Array): Promise<void> {
	try {
		await writeDurably(path, contents);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new UserError(
			`${path} cannot be written: ${reason}. It is as it was; make room or mend the folder, then try again.`,
			{cause: error},
		);
	}
}
