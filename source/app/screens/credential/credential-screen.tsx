import {isDeepStrictEqual} from 'node:util';
import {type ReactNode, useEffect} from 'react';
import {ChangedMeanwhile} from '../../../actions/changed-meanwhile.ts';
import type {CredentialParts} from '../../../actions/credentials.ts';
import {shownProblems} from '../../components/shown-problems.ts';
import {useShell} from '../../shell.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useRemembered} from '../../use-remembered.ts';
import {useSaving} from '../../use-saving.ts';
import {plural} from '../../words.ts';
import {checkSummary} from '../credentials/credential-texts.ts';
import {useStepText} from '../first-steps/use-first-steps.ts';
import {type CredentialEntry, credentialFields, emptyEntry, entryProblems} from './credential-fields.ts';
import {CredentialFormScreen} from './credential-form-screen.tsx';

/** Adds a credential, or changes one. Save asks Bitbucket about it first. */
export function CredentialScreen({
	workspace,
	label,
}: {
	readonly workspace: string;
	readonly repository: string;
	readonly label?: string;
}): ReactNode {
	const {services, signs, go, say, ask, cache} = useShell();
	const isEditing = label !== undefined;
	const known = useLoaded(`credentials ${workspace}`, async () => services.credentials(workspace));
	const original = known.value?.find(credential => credential.label === label);
	const [entry, setEntry] = useRemembered<CredentialEntry | undefined>(
		'entry',
		isEditing ? undefined : emptyEntry,
	);
	/** The credential that the entry began with: others may change it meanwhile. */
	const [opened, setOpened] = useRemembered<CredentialParts | undefined>('opened', undefined);
	const saving = useSaving();
	const {hasTried} = saving;

	useEffect(() => {
		const isUntouched =
			entry === undefined || (opened !== undefined && isDeepStrictEqual(entry, entryOf(opened)));
		if (original !== undefined && isUntouched && !isDeepStrictEqual(opened, original)) {
			setOpened(original);
			setEntry(entryOf(original));
		}
	});

	const shown = entry ?? emptyEntry;
	const problems = entryProblems(shown, isEditing);
	const stepText = useStepText();
	// What is typed into a form that is not there yet has nothing to change.
	const change = (part: Partial<CredentialEntry>): void =>
		setEntry(before => (isEditing && before === undefined ? before : {...(before ?? shown), ...part}));
	const fields = credentialFields(shown, change, {
		isEditing,
		problems: shownProblems(problems, shown, hasTried),
	});
	const start = opened === undefined ? emptyEntry : entryOf(opened);
	const hasChanged = JSON.stringify(shown) !== JSON.stringify(start);

	const save = async (): Promise<void> => {
		const draft = {
			kind: shown.kind,
			label: shown.label.trim(),
			username: shown.username.trim() === '' ? undefined : shown.username.trim(),
			expiresAt: shown.expiresAt === '' ? undefined : shown.expiresAt,
			check: true,
		};
		const added = isEditing
			? await services
					.editCredential(
						workspace,
						label,
						{...draft, ...(shown.secret === '' ? {} : {secret: shown.secret})},
						opened,
					)
					.catch((error: unknown) => {
						if (error instanceof ChangedMeanwhile) {
							// Told of it, one may well save again.
							setOpened(error.current as CredentialParts);
						}

						throw error;
					})
			: await services.addCredential(workspace, {...draft, secret: shown.secret});
		const same =
			added.sameAccountAs === undefined ? '' : ` Same account as ${added.sameAccountAs}: it adds no quota.`;
		// Read anew, so that what comes next sees it.
		cache.delete(`credentials ${workspace}`);
		cache.delete('organizations');
		cache.delete('expiring');
		say({
			tone: added.sameAccountAs === undefined ? 'good' : 'attention',
			text: `${signs.good} ${added.credential.label} is saved: ${checkSummary(added.check)}.${same}`,
		});
		go({type: 'back'});
		if (!isEditing) {
			await offerPlans();
		}
	};

	/** Adding a credential changes no plan by itself: those that could use it are offered. */
	const offerPlans = async (): Promise<void> => {
		const plans = (await services.plans()).filter(plan => plan.organization === workspace);
		if (plans.length > 0) {
			ask({
				title: 'Open the plans?',
				text: `No plan uses it yet: it is switched on in a plan's advanced settings. ${plural(plans.length, 'plan')} could: ${plans.map(plan => plan.name).join(', ')}.`,
				confirm: 'Open Plans',
				onConfirm: () => go({type: 'tab', tab: 'plans'}),
			});
		}
	};

	return (
		<CredentialFormScreen
			name="credential"
			fields={fields}
			kind={shown.kind}
			status={isEditing ? '' : stepText}
			hasChanged={hasChanged}
			saving={saving}
			problems={problems}
			work={save}
		/>
	);
}

function entryOf({kind, label, username, expiresAt}: CredentialParts): CredentialEntry {
	return {kind, label, username: username ?? '', secret: '', expiresAt: expiresAt ?? ''};
}
