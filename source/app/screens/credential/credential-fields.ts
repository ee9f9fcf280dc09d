import {
	type CredentialKind,
	credentialKindDescriptions,
	credentialKinds,
} from '../../../model/credential-kind.ts';
import type {FormField} from '../../components/form-field.ts';

/** What is entered of a credential. */
export type CredentialEntry = {
	readonly kind: CredentialKind;
	readonly label: string;
	readonly username: string;
	readonly secret: string;
	readonly expiresAt: string;
};

export const emptyEntry: CredentialEntry = {
	kind: 'api-token',
	label: '',
	username: '',
	secret: '',
	expiresAt: '',
};

/** The fields of a credential, of which some depend on its kind. */
export function credentialFields(
	entry: CredentialEntry,
	change: (part: Partial<CredentialEntry>) => void,
	options: {readonly isEditing: boolean; readonly problems: Readonly<Partial<Record<string, string>>>},
): readonly FormField[] {
	const {problems, isEditing} = options;
	const description = credentialKindDescriptions[entry.kind];
	return [
		{
			kind: 'choice',
			name: 'kind',
			label: 'Kind',
			value: entry.kind,
			options: credentialKinds.map(kind => ({value: kind, label: credentialKindDescriptions[kind].name})),
			onChange: value => change({kind: value as CredentialKind}),
			hint: description.hint,
		},
		{
			kind: 'text',
			name: 'label',
			label: 'Label',
			value: entry.label,
			onChange: label => change({label}),
			hint: 'what you call it, for example bot-4',
			problem: problems['label'],
		},
		...(description.usernameLabel === undefined
			? []
			: [
					{
						kind: 'text' as const,
						name: 'username',
						label: description.usernameLabel,
						value: entry.username,
						onChange: (username: string) => change({username}),
						hint:
							entry.kind === 'api-token'
								? "the Atlassian account's e-mail address, not the Bitbucket username"
								: 'the key of the OAuth consumer',
						problem: problems['username'],
					},
				]),
		{
			kind: 'secret',
			name: 'secret',
			label: description.secretLabel,
			value: entry.secret,
			onChange: secret => change({secret}),
			hint: isEditing ? 'leave it empty to keep the one that is stored' : 'paste it; it is stored encrypted',
			problem: problems['secret'],
		},
		{
			kind: 'text',
			name: 'expiresAt',
			label: 'Expires',
			value: entry.expiresAt,
			onChange: expiresAt => change({expiresAt}),
			hint: 'YYYY-MM-DD, if it expires: Bitbucket does not tell, and you are reminded in time',
			problem: problems['expiresAt'],
		},
	];
}

/** What is missing or wrong in an entry, by field. */
export function entryProblems(
	entry: CredentialEntry,
	isEditing: boolean,
): Readonly<Partial<Record<string, string>>> {
	const needsUsername = credentialKindDescriptions[entry.kind].usernameLabel;
	return {
		...(entry.label.trim() === '' ? {label: 'a label is needed'} : {}),
		...(needsUsername !== undefined && entry.username.trim() === ''
			? {username: `${needsUsername} is needed for this kind`}
			: {}),
		...(entry.secret === '' && !isEditing ? {secret: 'it cannot sign in without it'} : {}),
		...(entry.expiresAt !== '' && !/^\d{4}-\d\d-\d\d$/.test(entry.expiresAt)
			? {expiresAt: 'expected a date like 2027-03-31, or nothing'}
			: {}),
	};
}

/** What to tick when an API token is made. */
export const scopesText =
	'Scopes to tick: read: user, workspace, project, repository, pullrequest, pipeline, runner, webhook, snippet. admin: repository, only for branch restrictions, deploy keys and pipeline configuration.';
