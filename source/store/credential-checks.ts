import {type CredentialCheck, CredentialCheckSchema} from '../accounts/credential-check.ts';
import type {DatabaseSync} from '../system/sqlite.ts';
import {createDocumentTable} from './document-table.ts';

/** What asking Bitbucket about each credential brought last, by the credential's id. */
export type CredentialChecks = {
	readonly get: (credentialId: string) => CredentialCheck | undefined;
	readonly put: (credentialId: string, check: CredentialCheck) => void;
	readonly remove: (credentialId: string) => void;
};

const owner = 'credential';

export function createCredentialChecks(database: DatabaseSync): CredentialChecks {
	const table = createDocumentTable(database, 'credential_checks', CredentialCheckSchema);
	return {
		get: id => table.get(owner, id),
		put: (id, check) => {
			table.put(owner, id, check);
		},
		remove: id => {
			table.remove(owner, id);
		},
	};
}
