import {randomUUID} from 'node:crypto';
import {checkCredential} from '../accounts/check-credential.ts';
import type {CredentialCheck} from '../accounts/credential-check.ts';
import {CredentialSchema, type OpenedCredential} from '../model/credential.ts';
import {type CredentialKind, credentialKindDescriptions, needsUsername} from '../model/credential-kind.ts';
import type {Organization} from '../model/organization.ts';
import {holdsToken} from '../model/token-text.ts';
import {UserError} from '../system/user-error.ts';
import {secretFromText} from './secret-text.ts';
import {validated} from './validated.ts';
import type {Workplace} from './workplace.ts';

/** A credential as a person enters it. */
export type CredentialDraft = {
	readonly kind: CredentialKind;
	/** Unique in its organization; `all` and `none` are words of plans and cannot be labels. */
	readonly label: string;
	/** E-mail of an API token, key of an OAuth consumer; other kinds have none. */
	readonly username?: string | undefined;
	/** One trailing newline is trimmed. */
	readonly secret: string;
	/** ISO-8601 date. */
	readonly expiresAt?: string | undefined;
	/** Whether Bitbucket is asked about it first; a credential that it refuses is then not added. */
	readonly check: boolean;
};

/** @throws UserError (wrong usage) */
export function openedFromDraft(
	draft: Omit<CredentialDraft, 'check'>,
	workplace: Pick<Workplace, 'clock' | 'redactor'>,
	kept?: {readonly id: string; readonly addedAt: string},
): OpenedCredential {
	const label = usableLabel(draft.label);
	const {usernameLabel, name} = credentialKindDescriptions[draft.kind];
	const username = draft.username?.trim();
	if (needsUsername(draft.kind) && (username === undefined || username === '')) {
		throw new UserError(
			`The credential "${label}" needs a username: the ${usernameLabel ?? 'username'} of the ${name}.`,
			{exitCode: 2},
		);
	}

	const secret = secretFromText(draft.secret);
	workplace.redactor.add(secret, username);
	const credential = validated(
		CredentialSchema,
		{
			id: kept?.id ?? randomUUID(),
			label,
			kind: draft.kind,
			...(needsUsername(draft.kind) ? {username} : {}),
			...(draft.expiresAt === undefined ? {} : {expiresAt: draft.expiresAt}),
			addedAt: kept?.addedAt ?? new Date(workplace.clock.now()).toISOString(),
		},
		`the credential "${label}"`,
	);
	return {credential, secret};
}

function usableLabel(text: string): string {
	const label = text.trim();
	if (holdsToken(label)) {
		throw new UserError('The label is a token: a label names a credential, and the token is its secret.', {
			exitCode: 2,
		});
	}

	if (label === '' || /[\u0000-\u001f\u007f,]/.test(label)) {
		throw new UserError('A label is a word or two on one line, without commas.', {exitCode: 2});
	}

	if (label === 'all' || label === 'none') {
		throw new UserError(`"${label}" cannot be a label: plans say "all" and "none". Choose another.`, {
			exitCode: 2,
		});
	}

	return label;
}

type Address = Pick<Organization, 'workspace' | 'apiUrl' | 'gitUrl' | 'apiLimit'>;

/**
Asks Bitbucket about a credential before it is kept.

@throws UserError that names the credential and says what Bitbucket said, where it may not be added.
*/
export async function checkBeforeAdding(
	workplace: Workplace,
	organization: Address,
	opened: OpenedCredential,
): Promise<CredentialCheck> {
	const {ledger, clock, redactor} = workplace;
	const check = await checkCredential({organization, opened, ledger, clock, redactor});
	const {label} = opened.credential;
	const said = (check.message ?? 'nothing more').replace(/\.$/, '');
	if (check.state === 'unreachable') {
		throw new UserError(
			`Bitbucket could not be asked about "${label}" at ${organization.apiUrl}: ${said}. Try again, or add it unchecked.`,
		);
	}

	if (check.state === 'refused' && check.status === 404) {
		throw new UserError(
			`The workspace "${organization.workspace}" does not exist, or "${label}" may not see it. Bitbucket said 404: ${said}.`,
		);
	}

	if (check.state === 'refused') {
		throw new UserError(
			`Bitbucket refused the credential "${label}"${check.status === undefined ? '' : ` (${check.status})`}: ${said}. ${adviceOnRefusal(opened, check)}`,
		);
	}

	return check;
}

function adviceOnRefusal({credential}: OpenedCredential, check: CredentialCheck): string {
	if (check.status !== 401) {
		return 'Give its owner access to the workspace, then add it again.';
	}

	return credential.kind === 'api-token'
		? 'Check that the token is complete and not expired, and that the username is the e-mail address of its Atlassian account.'
		: 'Check that the secret is complete, and neither expired nor revoked.';
}
