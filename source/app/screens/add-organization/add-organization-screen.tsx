import {Text} from 'ink';
import {type ReactNode, useState} from 'react';
import {defaultApiUrl, defaultGitUrl} from '../../../model/organization.ts';
import {cut} from '../../cells.ts';
import type {FormField} from '../../components/form-field.ts';
import {FormView} from '../../components/form-view.tsx';
import {Line} from '../../components/line.tsx';
import {Screen} from '../../components/screen.tsx';
import {Spinner} from '../../components/spinner.tsx';
import {useShell} from '../../shell.ts';
import {useForm} from '../../use-form.ts';
import {useRemembered} from '../../use-remembered.ts';
import {credentialFields, emptyEntry, entryProblems, scopeLines} from '../credential/credential-fields.ts';
import {checkSummary} from '../credentials/credential-texts.ts';
import {messageOf} from '../messages.ts';

const start = {...emptyEntry, label: 'primary', workspace: '', apiUrl: defaultApiUrl, gitUrl: defaultGitUrl};

/** Connects a workspace with its primary credential. Save asks Bitbucket about it first. */
export function AddOrganizationScreen(): ReactNode {
	const {services, size, frame, signs, go, say, question} = useShell();
	const [entry, setEntry] = useRemembered('entry', start);
	const [isSaving, setSaving] = useState(false);
	const [hasTried, setTried] = useState(false);
	const [problem, setProblem] = useState<string | undefined>();

	const problems = {
		...(entry.workspace.trim() === '' ? {workspace: 'the workspace is needed'} : {}),
		...entryProblems(entry, false),
	} as Readonly<Partial<Record<string, string>>>;
	const text = (name: 'workspace' | 'apiUrl' | 'gitUrl', label: string, hint: string): FormField => ({
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
	];
	const form = useForm('organization', fields);

	const save = async (): Promise<void> => {
		setTried(true);
		const first = fields.findIndex(({name}) => problems[name] !== undefined);
		if (first >= 0) {
			form.setFocus(first);
			say({tone: 'attention', text: `${signs.attention} ${problems[fields[first]?.name ?? ''] ?? ''}`});
			return;
		}

		setSaving(true);
		setProblem(undefined);
		try {
			const {organization, check} = await services.addOrganization({
				workspace: entry.workspace.trim(),
				kind: entry.kind,
				label: entry.label.trim(),
				username: entry.username.trim() === '' ? undefined : entry.username.trim(),
				secret: entry.secret,
				expiresAt: entry.expiresAt === '' ? undefined : entry.expiresAt,
				apiUrl: entry.apiUrl.trim(),
				gitUrl: entry.gitUrl.trim(),
				check: true,
			});
			say({
				tone: 'good',
				text: `${signs.good} ${organization.workspace} is connected: ${checkSummary(check)}.`,
			});
			go({type: 'back'});
		} catch (error) {
			setProblem(messageOf(error));
		} finally {
			setSaving(false);
		}
	};

	return (
		<Screen
			isTyping={form.isTyping && !isSaving}
			hasUnsavedChanges={JSON.stringify(entry) !== JSON.stringify(start) && !isSaving}
			commands={[
				{
					id: 'save',
					run: () => {
						save().catch(() => undefined);
					},
					unavailable: isSaving ? 'It is being saved.' : undefined,
				},
				...form.commands,
			]}
		>
			<FormView
				fields={fields}
				focus={form.focus}
				width={size.columns - 2}
				height={frame.body.rows - 4}
				isFrozen={isSaving || question !== undefined}
			/>
			<Line />
			{entry.kind === 'api-token'
				? scopeLines.map(line => (
						<Line key={line} tone="muted">
							{cut(`  ${line}`, size.columns - 3)}
						</Line>
					))
				: null}
			{isSaving ? (
				<Line>
					<Spinner /> <Text>asking Bitbucket who this is {signs.ellipsis}</Text>
				</Line>
			) : problem === undefined ? null : (
				<Line tone="bad">{cut(`${signs.bad} ${problem}`, size.columns - 3)}</Line>
			)}
		</Screen>
	);
}
