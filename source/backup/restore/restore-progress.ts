/** What a restore works on: Git objects, the files of a working copy, LFS objects, metadata and downloads, what is pushed. */
export type RestoreStage = 'git' | 'files' | 'lfs' | 'metadata' | 'downloads' | 'push';

/** How a restore tells how far it is; `total` is 0 where that is not known yet. */
export type RestoreProgress = (stage: RestoreStage, done: number, total: number, unit: string) => void;

/** `Writing objects:  45% (450/1000)`, as git tells it. */
export function reportGitProgress(line: string, stage: RestoreStage, progress: RestoreProgress): void {
	const [, what = '', done, total] = /^([A-Z][a-z ]+):\s+\d+% \((\d+)\/(\d+)\)/.exec(line) ?? [];
	if (done !== undefined && total !== undefined) {
		progress(stage, Number(done), Number(total), unitOf(what));
	}
}

function unitOf(what: string): string {
	return what.startsWith('Updating') || what.startsWith('Checking out') ? 'files' : 'objects';
}
