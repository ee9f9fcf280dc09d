import {openVaultIn} from './vault-users.ts';

/** A process that puts so many secrets into the vault of a home, one by one, and says each that is stored. */
const [, , folder = '', name = '', count = '0'] = process.argv;
const vault = await openVaultIn(folder);
for (let n = 0; n < Number(count); n += 1) {
	await vault.set(`${name}-${n}`, `secret of ${name}-${n}`);
	process.stdout.write(`${name}-${n}\n`);
}
