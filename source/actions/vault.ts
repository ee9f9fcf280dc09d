import {
	addRecoveryKey,
	lockKey,
	readVaultStatus,
	rekey,
	removeRecoveryKeys,
	rotateKey,
	unlockKey,
	type VaultStatus,
} from '../store/vault-keys.ts';
import type {Workplace} from './workplace.ts';

export type {VaultStatus} from '../store/vault-keys.ts';

/* What a person does with the key of the vault. Each throws UserError where the vault does not open, or that cannot be done. */

export async function showVault(workplace: Workplace): Promise<VaultStatus> {
	return readVaultStatus(workplace);
}

/**
@param toOwn Whether the new key becomes the home's own, wherever the old one came from.
@returns where the new key lies.
*/
export async function rotateVaultKey(workplace: Workplace, toOwn: boolean): Promise<string> {
	return (await rotateKey(workplace, toOwn)).source;
}

/** @returns path of the identity file that opens the vault from now on. */
export async function rekeyVault(workplace: Workplace, file: string): Promise<string> {
	return (await rekey(workplace, file)).source;
}

/** @returns where the locked key lies. */
export async function lockVaultKey(workplace: Workplace): Promise<string> {
	return (await lockKey(workplace)).source;
}

/** @returns where the key lies in clear. */
export async function unlockVaultKey(workplace: Workplace): Promise<string> {
	return (await unlockKey(workplace)).source;
}

/** @returns the path of the new file, and the key's public half. */
export async function makeRecoveryKey(
	workplace: Workplace,
	file: string,
): Promise<{readonly path: string; readonly recipient: string}> {
	return addRecoveryKey(workplace, file);
}

/** @returns how many were taken away. */
export async function forgetRecoveryKeys(workplace: Workplace): Promise<number> {
	return removeRecoveryKeys(workplace);
}
