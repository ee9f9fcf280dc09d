import type {Verification} from '../backup/verify/verify-listed.ts';
import {countOf, formatBytes} from '../runs/amounts.ts';
import {sanitize} from '../system/sanitize.ts';

/** What came of verifying one mirror, in a line: `web: whole, 3 snapshots, 120 objects, 1.20 MB`. */
export function verificationHeadline({
	repository,
	kind,
	state,
	snapshots,
	objects,
	bytes,
}: Verification): string {
	const name = kind === 'snippet' ? `snippet ${repository}` : repository;
	const what = [
		countOf(snapshots, 'snapshot', 'snapshots'),
		countOf(objects, 'object', 'objects'),
		formatBytes(bytes),
	];
	return sanitize(`${name}: ${state === 'not-verified' ? 'not verified' : `${state}, ${what.join(', ')}`}`);
}
