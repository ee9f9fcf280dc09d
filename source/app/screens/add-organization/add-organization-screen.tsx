import type {ReactNode} from 'react';
import {defaultApiUrl, defaultGitUrl} from '../../../model/organization.ts';
import {parseQuotaLimit} from '../../../model/quota-limit.ts';
import type {FormField} from '../../components/form-field.ts';
import {shownProblems} from '../../components/shown-problems.ts';
import {useShell} from '../../shell.ts';
import {useRemembered} from '../../use-remembered.ts';
import {useSaving} from '../../use-saving.ts';
import {credentialFields, emptyEntry, entryProblems} from '../credential/credential-fields.ts';
import {CredentialFormScreen} from '../credential/credential-form-screen.tsx';
import {checkSummary} from '../credentials/credential-texts.ts';
import {useStepText} from '../first-steps/use-first-steps.ts';

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
	const {services, signs, go, say, cache} = useShell();
	const stepText = useStepText();
	const [entry, setEntry] = useRemembered('entry', start);
	const saving = useSaving();
	const {hasTried} = saving;

	const problems = {
		...(entry.workspace.trim() === '' ? {workspace: 'the workspace is needed'} : {}),
		...entryProblems(entry, false),
		...addressProblem('apiUrl', entry.apiUrl),
		...addressProblem('gitUrl', entry.gitUrl),
		...(entry.apiLimit.trim() === '' || parseQuotaLimit(entry.apiLimit) !== undefined
			? {}
			: {apiLimit: 'expected requests and a time, for example 1000/1h'}),
	} as Readonly<Partial<Record<string, string>>>;
	const shown = shownProblems(problems, entry, hasTried);
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
		problem: shown[name],
	});
	const fields = [
		text('workspace', 'Workspace', 'the part after bitbucket.org/ in its address, for example acme'),
		...credentialFields(entry, part => setEntry(before => ({...before, ...part})), {
			isEditing: false,
			problems: shown,
		}),
		text('apiUrl', 'API address', 'leave it as it is for Bitbucket Cloud'),
		text('gitUrl', 'Git address', 'leave it as it is for Bitbucket Cloud'),
		text(
			'apiLimit',
			'API limit',
			'requests that each account may send, for example 1000/1h; empty: as Atlassian documents',
		),
	];

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
		// Read anew, so that what comes next sees it.
		cache.delete('organizations');
		go(stepText === '' ? {type: 'back'} : {type: 'replace', place: {screen: 'first-steps'}});
	};

	return (
		<CredentialFormScreen
			name="organization"
			fields={fields}
			kind={entry.kind}
			status={stepText}
			hasChanged={JSON.stringify(entry) !== JSON.stringify(start)}
			saving={saving}
			problems={problems}
			work={save}
		/>
	);
}

function addressProblem(
	name: 'apiUrl' | 'gitUrl',
	address: string,
): Readonly<Partial<Record<string, string>>> {
	return /^https?:\/\/[^\s/]+/.test(address.trim())
		? {}
		: {[name]: 'expected an address that begins with https://'};
}
