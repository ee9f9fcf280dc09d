import {createPassphrases} from '../../source/store/passphrases.ts';
import {lockKey, rotateKey, unlockKey} from '../../source/store/vault-keys.ts';
import {systemClock} from '../../source/system/clock.ts';
import {homeIn} from './vault-users.ts';

/* Locks, changes and unlocks the key of a vault with a passphrase that is typed, until it is killed; says a word for each. */
const [folder = ''] = process.argv.slice(2);
const place = {
	home: homeIn(folder),
	environment: {PATH: process.env['PATH']},
	clock: systemClock,
	unlocking: {passphrases: createPassphrases(async () => 'correct horse')},
};
const say = (word: string): unknown => process.stdout.write(`${word}\n`);
for (;;) {
	await lockKey(place);
	say('locked');
	await rotateKey(place, false);
	say('rotated');
	await unlockKey(place);
	say('unlocked');
}
