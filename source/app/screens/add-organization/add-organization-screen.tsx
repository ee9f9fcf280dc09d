import type {ReactNode} from 'react';
import {defaultApiUrl, defaultGitUrl} from '../../../model/organization.ts';
import {parseQuotaLimit} from '../../../model/quota-limit.ts';
import type {FormField} from '../../components/form-field.ts';
import {Screen} from '../../components/screen.tsx';
import {useShell} from '../../shell.ts';
import {useForm} from '../../use-form.ts';
import {useRemembered} from '../../use-remembered.ts';
import {useSaving} from '../../use-saving.ts';
import {credentialFields, emptyEntry, entryProblems} from '../credential/credential-fields.ts';
import {CredentialForm} from '../credential/credential-form.tsx';
import {checkSummary} from '../credentials/credential-texts.ts';

const start = {
	...emptyEntry,
	label: 'primary',
	workspace: '',
	apiUrl: defaultApiUrl,
	gitUrl: defaultGitUrl,
	apiLimit: '',
};

/** Connects a workspace with its primary credential. Save asks Bitbucket about it first. */
export function AddOrganizationScreen(): ReactNode {
	const {services, signs, go, say} = useShell();
	const [entry, setEntry] = useRemembered('entry', start);
	const saving = useSaving();
	const {hasTried, isSaving, problem} = saving;

	const problems = {
		...(entry.workspace.trim() === '' ? {workspace: 'the workspace is needed'} : {}),
		...entryProblems(entry, false),
		...(entry.apiLimit.trim() === '' || parseQuotaLimit(entry.apiLimit) !== undefined
			? {}
			: {apiLimit: 'expected requests and a time, for example 1000/1h'}),
	} as Readonly<Partial<Record<string, string>>>;
	const text = (
		name: 'workspace' | 'apiUrl' | 'gitUrl' | 'apiLimit',
		label: string,
		hint: string,
	): FormField => ({
		kind: 'text',
		name,
		label,
		value: entry[name],
		onChange: value => setEntry(before => ({...before, [name]: value})),
		hint,
		problem: hasTried ? problems[name] : undefined,
	});
	const fields = [
		text('workspace', 'Workspace', 'the part after bitbucket.org/ in its address'),
		...credentialFields(entry, part => setEntry(before => ({...before, ...part})), {
			isEditing: false,
			problems: hasTried ? problems : {},
		}),
		text('apiUrl', 'API address', 'leave it as it is for Bitbucket Cloud'),
		text('gitUrl', 'Git address', 'leave it as it is for Bitbucket Cloud'),
		text(
			'apiLimit',
			'API limit',
			'requests that each account may send, for example 1000/1h; empty: as Atlassian documents',
		),
	];
	const form = useForm('organization', fields);

	const save = async (): Promise<void> => {
		const {organization, check} = await services.addOrganization({
			workspace: entry.workspace.trim(),
			kind: entry.kind,
			label: entry.label.trim(),
			username: entry.username.trim() === '' ? undefined : entry.username.trim(),
			secret: entry.secret,
			expiresAt: entry.expiresAt === '' ? undefined : entry.expiresAt,
			apiUrl: entry.apiUrl.trim(),
			gitUrl: entry.gitUrl.trim(),
			apiLimit: entry.apiLimit.trim() === '' ? undefined : entry.apiLimit.trim(),
			check: true,
		});
		say({
			tone: 'good',
			text: `${signs.good} ${organization.workspace} is connected: ${checkSummary(check)}.`,
		});
		go({type: 'back'});
	};

	return (
		<Screen
			isTyping={form.isTyping && !isSaving}
			hasUnsavedChanges={JSON.stringify(entry) !== JSON.stringify(start) && !isSaving}
			commands={[saving.command({form, fields, problems, work: save}), ...form.commands]}
		>
			<CredentialForm
				fields={fields}
				focus={form.focus}
				kind={entry.kind}
				isSaving={isSaving}
				problem={problem}
			/>
		</Screen>
	);
}
