import type {RestoreStage} from '../backup/restore/restore-progress.ts';
import {countOf} from '../runs/amounts.ts';
import {sanitize} from '../system/sanitize.ts';
import type {Restored} from './restored.ts';

/*
What a restore does and came to, in people's words. Names in them are sanitized, each by itself.
*/

export const restoreStageNames: Readonly<Record<RestoreStage, string>> = {
	git: 'Git',
	files: 'working copy',
	lfs: 'LFS',
	metadata: 'metadata',
	downloads: 'downloads',
	push: 'push',
};

/** `Restored web as it was at 20261122T131500.123Z to /tmp/web.git.` */
export function restoredHeadline({repository, snapshot, to, form, status}: Restored): string {
	const verb = form === 'pushed' ? 'Pushed' : 'Restored';
	return `${verb} ${sanitize(repository)} as it was at ${snapshot} to ${sanitize(to)}${status === 'partial' ? ', but something is missing' : ''}.`;
}

/** `120 refs, 4 LFS objects; HEAD refs/heads/main`; empty where there is nothing to count. */
export function restoredCounts({form, refs, head, lfsObjects, downloads}: Restored): string {
	const what = [
		...(form === 'files' ? [] : [countOf(refs, 'ref')]),
		...(lfsObjects > 0 ? [countOf(lfsObjects, 'LFS object')] : []),
		...(downloads > 0 ? [countOf(downloads, 'download')] : []),
	];
	return what.length === 0 ? '' : `${what.join(', ')}${head === null ? '' : `; HEAD ${sanitize(head)}`}`;
}
