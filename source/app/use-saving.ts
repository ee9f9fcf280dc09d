import {useState} from 'react';
import {type FormField, guarded, misplacedToken} from './components/form-field.ts';
import type {Command} from './input/commands.ts';
import {messageOf} from './message-of.ts';
import {useShell} from './shell.ts';
import type {Form} from './use-form.ts';

export type FormToSave = {
	readonly form: Form;
	readonly fields: readonly FormField[];
	/** What is wrong, by the name of the field. */
	readonly problems: Readonly<Partial<Record<string, string>>>;
	/** Saves what was entered; what it throws is shown, and nothing of the entry is lost. */
	readonly work: () => Promise<void> | void;
};

export type Saving = {
	/** From the first try on, what is wrong stands at its field. */
	readonly hasTried: boolean;
	readonly isSaving: boolean;
	/** Why it could not be saved, in a sentence. */
	readonly problem: string | undefined;
	readonly command: (entry: FormToSave) => Command;
};

/** Save, as every form has it: to the first wrong field, or the work, and what came of it. */
export function useSaving(): Saving {
	const {signs, say} = useShell();
	const [hasTried, setTried] = useState(false);
	const [isSaving, setSaving] = useState(false);
	const [problem, setProblem] = useState<string | undefined>();

	const save = async ({form, fields, problems, work}: FormToSave): Promise<void> => {
		setTried(true);
		const found = fields.map(field => (guarded(field) === field ? problems[field.name] : misplacedToken));
		const wrong = found.findIndex(problem => problem !== undefined);
		if (wrong >= 0) {
			form.setFocus(wrong);
			say({tone: 'attention', text: `${signs.attention} ${found[wrong]}`});
			return;
		}

		setSaving(true);
		setProblem(undefined);
		try {
			await work();
		} catch (error) {
			setProblem(withoutSecrets(messageOf(error), fields));
		} finally {
			setSaving(false);
		}
	};

	return {
		hasTried,
		isSaving,
		problem,
		command: entry => ({
			id: 'save',
			run: () => {
				save(entry).catch(() => undefined);
			},
			unavailable: isSaving ? 'It is being saved.' : undefined,
		}),
	};
}

/** Shorter texts would be found in ordinary words; no credential is that short. */
const shortestSecret = 4;

/** Whatever an error says, what was entered as a secret is not shown. */
function withoutSecrets(text: string, fields: readonly FormField[]): string {
	return fields.reduce(
		(rest, field) =>
			field.kind === 'secret' && field.value.length >= shortestSecret
				? rest.replaceAll(field.value, '[secret]')
				: rest,
		text,
	);
}
