import type {ReactNode} from 'react';
import type {CredentialKind} from '../../../model/credential-kind.ts';
import type {FormField} from '../../components/form-field.ts';
import {Screen} from '../../components/screen.tsx';
import {useForm} from '../../use-form.ts';
import type {FormToSave, Saving} from '../../use-saving.ts';
import {CredentialForm} from './credential-form.tsx';
import {useAdvice} from './use-advice.tsx';

/** A screen that enters a credential, alone or with its organization: the form, over it the scopes, and what came of saving it. */
export function CredentialFormScreen({
	name,
	fields,
	kind,
	status,
	hasChanged,
	saving,
	problems,
	work,
}: {
	/** By which the form remembers where one was. */
	readonly name: string;
	readonly fields: readonly FormField[];
	readonly kind: CredentialKind;
	/** Beside the breadcrumbs, where the form is shown. */
	readonly status: string;
	readonly hasChanged: boolean;
	readonly saving: Saving;
} & Pick<FormToSave, 'problems' | 'work'>): ReactNode {
	const advice = useAdvice(kind);
	const form = useForm(name, fields);
	const {isSaving, problem} = saving;
	return (
		<Screen
			status={advice.position === '' ? status : advice.position}
			trail={advice.isOpen ? ['Scopes'] : []}
			inner={advice.inner}
			isTyping={form.isTyping && !isSaving && !advice.isOpen}
			hasUnsavedChanges={hasChanged && !isSaving}
			commands={
				advice.isOpen
					? advice.commands
					: [saving.command({form, fields, problems, work}), ...form.commands, ...advice.commands]
			}
		>
			{advice.isOpen ? (
				advice.body
			) : (
				<CredentialForm
					fields={fields}
					focus={form.focus}
					kind={kind}
					isSaving={isSaving}
					problem={problem}
				/>
			)}
		</Screen>
	);
}
