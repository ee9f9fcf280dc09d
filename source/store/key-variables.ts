/* Where the environment says that the vault's key comes from. */

/** A command that prints an age identity, or the passphrase that opens the home's own. */
export const passwordCommandVariable = 'BUCKET_BRIGADE_PASSWORD_COMMAND';

/** A file with an age identity. */
export const keyFileVariable = 'BUCKET_BRIGADE_KEY_FILE';

/** Name of the credential that a systemd unit gives by `LoadCredential=bucket-brigade-key:…`. */
export const systemdCredential = 'bucket-brigade-key';
