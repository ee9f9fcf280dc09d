import {createHash} from 'node:crypto';
import type {Random} from '../random.ts';
import type {DeployKey, KnownHost, User} from '../world.ts';
import {day, isoTime, present} from './timeline.ts';

/** An OpenSSH public key of the right form; nobody has its private half. */
export function publicKey(random: Random): string {
	return `ssh-ed25519 ${keyBlob(random).toString('base64')}`;
}

export function deployKey(random: Random, id: number, label: string, owner: User | undefined): DeployKey {
	return {
		id,
		key: publicKey(random),
		label,
		comment: `${label.toLowerCase().replaceAll(' ', '-')}@acme.example`,
		owner: owner?.uuid ?? random.uuid(),
		addedOn: isoTime(present - random.integer(30, 600) * day),
		lastUsed: random.chance(0.6) ? isoTime(present - random.integer(1, 20) * day) : null,
	};
}

export function knownHost(random: Random, hostname: string): KnownHost {
	const blob = keyBlob(random);
	const md5 = createHash('md5').update(blob).digest('hex');
	return {
		uuid: random.uuid(),
		hostname,
		publicKey: {
			keyType: 'ssh-ed25519',
			key: blob.toString('base64'),
			md5Fingerprint: (md5.match(/../g) ?? []).join(':'),
			sha256Fingerprint: createHash('sha256').update(blob).digest('base64').replace(/=+$/, ''),
		},
	};
}

function keyBlob(random: Random): Buffer {
	const type = Buffer.from('ssh-ed25519');
	const length = (bytes: number) => {
		const field = Buffer.alloc(4);
		field.writeUInt32BE(bytes);
		return field;
	};
	return Buffer.concat([length(type.length), type, length(32), random.bytes(32)]);
}
