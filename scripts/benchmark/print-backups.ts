import {measureDisk} from './disk.ts';
import {type GitSpeedOptions, measureGitSpeed} from './git-speed.ts';
import {line} from './line.ts';
import {measureRequests} from './requests.ts';
import {measureScale} from './scale.ts';
import {measureVerify} from './verify.ts';

/* What backups cost: each part beside something else that is measured in the same run. */

export async function printGitSpeed(): Promise<void> {
	console.log('Git alone, four repositories at once, beside git itself at the same server');
	console.log(
		'  targets: a first backup at most 1.5 times `git clone --mirror` of tiny repositories, 1.15 of lifelike ones; a run that',
	);
	console.log('  finds nothing new at most 0.4 times `git remote update`, 0.2 with 20 ms added each way');
	const measured: ReadonlyArray<Pick<GitSpeedOptions, 'size' | 'repositories' | 'rounds' | 'latency'>> = [
		{size: 'tiny', repositories: 40, rounds: 5, latency: 0},
		{size: 'lifelike', repositories: 16, rounds: 3, latency: 0},
		{size: 'tiny', repositories: 100, rounds: 3, latency: 20},
	];
	for (const options of measured) {
		const {first, unchanged} = await measureGitSpeed({...options, atOnce: 4});
		line(
			options.size.padEnd(9),
			`${options.repositories} repositories`.padEnd(17),
			`${options.latency} ms added`.padEnd(11),
			`first backup ${first.toFixed(2)} × git clone --mirror`,
			`nothing new ${unchanged.toFixed(2)} × git remote update`,
		);
	}
}

export async function printRequests(): Promise<void> {
	console.log('Requests of a backup of Git, LFS, pull requests, settings and downloads');
	console.log(
		'  targets: a first backup at most 1.1 times the fewest possible, an unchanged repository at most 1 api request',
	);
	const {repositories, pullRequests, first, unchanged, changed} = await measureRequests();
	line(
		`first: ${first.rest} for ${repositories} repositories with ${pullRequests} pull requests`,
		`${first.ratio.toFixed(3)} × the fewest possible (${first.leastRest})`,
		`and ${first.git} of git`,
	);
	line(`nothing new: ${unchanged.rest} and ${unchanged.git} of git a repository`);
	line(`one comment: ${changed.rest} and ${changed.git} of git`);
}

export async function printDisk(): Promise<void> {
	const figures = await measureDisk();
	console.log(
		`Disk of ${figures.snapshots} snapshots of one repository (${figures.commits} commits, ${figures.pullRequests} pull requests), with churn`,
	);
	const {mirror} = figures;
	const times = (bytes: number): string => `${(bytes / mirror.afterRuns).toFixed(1)} × ours`;
	line(`ours ${megabytes(mirror.afterRuns)} MB, metadata included`);
	line(
		`its packs never put together ${times(mirror.neverPacked)}, all of them ${times(mirror.packed)}, seven snapshots kept ${times(mirror.sevenKept)}`,
	);
	const {git, metadata} = figures;
	line(
		`30 bundles ${times(git.bundles)}, 30 copies ${times(git.copies)}, 30 linked copies ${times(git.linkedCopies)}`,
	);
	line(`one clone without any history of refs ${times(git.oneClone)}; all of these without metadata, which`);
	line(`as plain files takes ${times(metadata.copies)} more, as linked ones ${times(metadata.linkedCopies)}`);
}

export async function printVerify(): Promise<void> {
	console.log('Verification beside `git fsck --full` alone, which reads neither LFS objects nor downloads');
	for (const figures of await measureVerify()) {
		line(
			figures.name,
			`${figures.megabytes.toFixed(0)} MB of Git data, ${figures.lfsMegabytes.toFixed(0)} MB of LFS objects`,
			`${figures.overFsck.toFixed(2)} × git fsck`,
		);
	}
}

export async function printScale(): Promise<void> {
	console.log('Scale');
	const {listings, heapBytesEach, refs, manyRefs} = await measureScale();
	line(
		`${listings.map(({repositories}) => repositories).join(' and ')} repositories`,
		`${heapBytesEach.toFixed(0)} bytes of heap for each more`,
	);
	for (const {kind, overGit, peakMegabytes} of manyRefs) {
		line(
			`${refs} refs, ${kind}`.padEnd(28),
			`${overGit.toFixed(2)} × git`,
			`${peakMegabytes.toFixed(0)} MB at most`,
		);
	}
}

function megabytes(bytes: number): string {
	return (bytes / 1024 / 1024).toFixed(1);
}
