import {Command} from 'commander';
import {type RestoreOptions, restore} from '../actions/restore.ts';
import {createRestoreProgress, overwriteLines, restoreLines} from './restore-texts.ts';
import type {Shell} from './shell.ts';
import {stoppable} from './signals.ts';
import {withWorkplace} from './with-workplace.ts';

type RestoreCommandOptions = {
	readonly to: string;
	readonly snapshot: string;
	readonly workingCopy?: boolean;
	readonly metadata?: string | false;
	readonly lfs: boolean;
	readonly force?: boolean;
	readonly destination?: string;
	readonly json?: boolean;
};

export function restoreCommand(shell: Shell): Command {
	return new Command('restore')
		.description(
			'restore a repository as it was at a snapshot, to a folder or by a push (exit code 3: done, but something is missing)',
		)
		.argument('<plan>')
		.argument('<repository>', 'slug, uuid or name of the folder; also one that is gone upstream')
		.requiredOption(
			'--to <dir|url>',
			'a folder that does not exist or is empty, or an https or ssh address of an empty repository',
		)
		.option(
			'--snapshot <id>',
			'an id, the beginning of one, or a date or time in UTC: the newest one until then',
			'latest',
		)
		.option('--working-copy', 'a clone with files, instead of a bare repository')
		.option(
			'--metadata <dir>',
			'where what lies around Git goes (default: DIR-metadata; with an address: nowhere)',
		)
		.option('--no-metadata', 'leave what lies around Git out')
		.option('--no-lfs', 'leave LFS objects out')
		.option('--force', 'write over refs of a repository that is not empty; deletes none')
		.option('--destination <dir>', "where the backups lie, instead of the plan's own destination")
		.option('--json', 'print what came of it as JSON')
		.action(async (plan: string, repository: string, options: RestoreCommandOptions) => {
			await withWorkplace(shell, async workplace =>
				stoppable(async signal => {
					const line = options.json ? () => undefined : shell.line;
					const restored = await restore(workplace, {
						plan,
						repository,
						destination: options.destination,
						signal,
						snapshot: options.snapshot,
						to: options.to,
						isWorkingCopy: options.workingCopy ?? false,
						metadata: metadataOf(options),
						withLfs: options.lfs,
						force: options.force ?? false,
						progress: createRestoreProgress(line, workplace.clock),
						onOverwrite: names => overwriteLines(names).forEach(line),
					});
					if (options.json) {
						shell.json(restored);
					} else {
						restoreLines(restored).forEach(shell.line);
					}

					return restored.status === 'partial' ? 3 : 0;
				}),
			);
		});
}

function metadataOf({metadata}: RestoreCommandOptions): RestoreOptions['metadata'] {
	if (metadata === undefined) {
		return 'beside';
	}

	return metadata === false ? 'none' : {folder: metadata};
}
