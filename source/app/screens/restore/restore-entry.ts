import type {ListedSnapshot} from '../../../actions/repository-snapshots.ts';
import type {RestoreForm, RestoreTarget} from '../../../actions/restore-target.ts';
import type {BackupOf, RestoreRequest} from '../../backup-services.ts';
import type {FormField} from '../../components/form-field.ts';
import {snapshotTimeText} from '../../words.ts';

/** What is entered of a restore. */
export type RestoreEntry = Omit<RestoreRequest, keyof BackupOf>;

/** What has no Git is nothing but the files that lie around it elsewhere: they go into the folder itself. */
export function emptyRestoreEntry(snapshot: string, hasGit = true): RestoreEntry {
	return {snapshot, form: 'bare', to: '', withMetadata: hasGit, withLfs: true, force: false};
}

const forms: ReadonlyArray<{readonly value: RestoreForm; readonly label: string; readonly hint: string}> = [
	{
		value: 'bare',
		label: 'bare repository',
		hint: 'every ref under its own name, bit for bit: to be cloned from, or served',
	},
	{value: 'working-copy', label: 'working copy', hint: 'a clone with the files of its default branch'},
	{value: 'push', label: 'push to a Git URL', hint: 'every ref to an empty repository on another server'},
];

/** The fields of a restore, of which some depend on its form. */
export function restoreFields(
	entry: RestoreEntry,
	change: (part: Partial<RestoreEntry>) => void,
	options: {
		/** The newest first; empty while they are read. */
		readonly snapshots: readonly ListedSnapshot[];
		/** What is wrong with the target, in a sentence. */
		readonly problem: string | undefined;
		/** Where it would go, once that was looked at. */
		readonly target: RestoreTarget | undefined;
		/** Without, there is nothing to choose but where to. */
		readonly hasGit?: boolean;
	},
): readonly FormField[] {
	const {snapshots, problem, target, hasGit = true} = options;
	const isPush = entry.form === 'push';
	const toggle = (name: 'withMetadata' | 'withLfs' | 'force', label: string, note: string): FormField => ({
		kind: 'switch',
		name,
		label,
		value: entry[name],
		onChange: value => change({[name]: value}),
		note,
	});
	const fields: readonly FormField[] = [
		{
			kind: 'choice',
			name: 'snapshot',
			label: 'Snapshot',
			value: entry.snapshot,
			options:
				snapshots.length === 0
					? [{value: entry.snapshot, label: snapshotTimeText(entry.snapshot, true)}]
					: snapshots.map(({id}, index) => ({
							value: id,
							label: `${snapshotTimeText(id, true)}${index === 0 ? ', the newest' : ''}`,
						})),
			onChange: snapshot => change({snapshot}),
			hint: `${snapshotTimeText(entry.snapshot)}, in UTC ${entry.snapshot}`,
		},
		{
			kind: 'choice',
			name: 'form',
			label: 'As',
			value: entry.form,
			options: forms.map(({value, label}) => ({value, label})),
			onChange: value => change({form: value as RestoreForm}),
			hint: formHint(entry.form),
		},
		{
			kind: 'text',
			name: 'to',
			label: isPush ? 'Address' : 'Folder',
			value: entry.to,
			onChange: to => change({to}),
			hint: targetHint(entry, target, hasGit),
			problem,
		},
		...(isPush
			? []
			: [
					toggle(
						'withMetadata',
						'Metadata',
						'pull requests, settings, downloads: files beside it, in a folder ending in -metadata',
					),
				]),
		toggle('withLfs', 'LFS objects', 'large files too'),
		...(isPush
			? [
					toggle(
						'force',
						'Write over',
						'also onto a repository that is not empty: refs that differ are lost there',
					),
				]
			: []),
	];
	return hasGit ? fields : fields.filter(({name}) => name === 'snapshot' || name === 'to');
}

/** With its name once more, which a small screen has no room for in the field. */
function formHint(form: RestoreForm): string {
	const found = forms.find(({value}) => value === form);
	return found === undefined ? '' : `${found.label}: ${found.hint}`;
}

function targetHint({form, to}: RestoreEntry, target: RestoreTarget | undefined, hasGit: boolean): string {
	if (form === 'push') {
		return to.trim() === '' || target === undefined
			? 'https://bitbucket.org/acme/restored.git, or git@host:acme/restored.git'
			: target.signsInAs === undefined
				? 'signed in to by your own Git configuration'
				: `signed in to as ${target.signsInAs}, which needs write:repository:bitbucket`;
	}

	return to.trim() === '' || target === undefined
		? `a folder that does not exist, or an empty one: /tmp/restored${hasGit ? '.git' : ''}`
		: `becomes ${target.to}`;
}

/** What is missing in an entry, by field. */
export function restoreProblems(
	{form, to}: RestoreEntry,
	target: RestoreTarget | undefined,
): Readonly<Partial<Record<string, string>>> {
	if (to.trim() === '') {
		return {to: form === 'push' ? 'the address to push to is needed' : 'a folder to restore to is needed'};
	}

	return target?.problem === undefined ? {} : {to: target.problem};
}

export type RestoreQuestion = {readonly title: string; readonly text: string; readonly confirm: string};

/** What will happen, in words, before it does. */
export function restoreQuestion(
	entry: RestoreEntry,
	repository: string,
	{to, signsInAs}: RestoreTarget,
	hasGit = true,
): RestoreQuestion {
	const what = `${repository} of ${snapshotTimeText(entry.snapshot)}`;
	const lfs = entry.withLfs ? '' : ' LFS objects are left out.';
	if (entry.form === 'push') {
		const who = signsInAs === undefined ? 'Your own Git configuration signs in.' : `${signsInAs} signs in.`;
		return entry.force
			? {
					title: 'Push, and write over refs?',
					text: `Refs of ${to} that differ are written over and lost there; none is deleted. Pushed is ${what}.${lfs} ${who}`,
					confirm: 'Write over',
				}
			: {
					title: 'Push?',
					text: `Every ref of ${what} is pushed to ${to}. If it has any refs already, nothing is pushed.${lfs} ${who}`,
					confirm: 'Push',
				};
	}

	if (!hasGit) {
		return {
			title: 'Restore?',
			text: `The files of ${what} go into ${to}. Nothing that exists is changed.`,
			confirm: 'Restore',
		};
	}

	const form = entry.form === 'bare' ? 'the bare repository' : 'the working copy';
	const metadata = entry.withMetadata
		? ` What lies around Git goes beside it, into ${to.split('/').at(-1) ?? ''}-metadata.`
		: ' What lies around Git is left out.';
	return {
		title: 'Restore?',
		text: `${what} becomes ${form} ${to}.${metadata}${lfs} Nothing that exists is changed.`,
		confirm: 'Restore',
	};
}
