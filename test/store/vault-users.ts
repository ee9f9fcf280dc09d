import {type Home, resolveHome} from '../../source/store/home.ts';
import {openVault, type Vault} from '../../source/store/vault.ts';
import {systemClock} from '../../source/system/clock.ts';

/** Looks like the real thing, and has characters that base64 and URLs write otherwise. */
export const secret = 'ATATT3xFfGF0-canary/+=1A2B3C4D';

export function homeIn(folder: string): Home {
	return resolveHome({BUCKET_BRIGADE_HOME: folder});
}

export async function openVaultIn(folder: string, environment: NodeJS.ProcessEnv = {}): Promise<Vault> {
	return openVault(homeIn(folder), {PATH: process.env['PATH'], ...environment}, systemClock);
}
