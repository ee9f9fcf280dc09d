import {rotateKey} from '../../source/store/vault-keys.ts';
import {systemClock} from '../../source/system/clock.ts';
import {homeIn} from './vault-users.ts';

/* Gives a vault new keys until it is killed; says a word for each. */
const [folder = ''] = process.argv.slice(2);
const place = {home: homeIn(folder), environment: {PATH: process.env['PATH']}, clock: systemClock};
for (;;) {
	await rotateKey(place, false);
	process.stdout.write('rotated\n');
}
