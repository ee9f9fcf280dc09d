import {Buffer} from 'node:buffer';
import type {FileContent, HistoryPlan, PlannedCommit} from './history-plan.ts';

type Person = {readonly displayName: string; readonly email: string};

/** The history in the language of `git fast-import`. Every ref is set at the end; commits are made on a ref that is then dropped. */
export function fastImportStream(plan: HistoryPlan): Buffer {
	const parts: Array<string | Uint8Array> = [];
	for (const commit of plan.commits) {
		writeCommit(parts, commit);
	}

	parts.push(`reset ${workRef}\nfrom ${'0'.repeat(40)}\n\n`);
	for (const [name, mark] of plan.refs) {
		parts.push(`reset ${name}\nfrom :${mark}\n\n`);
	}

	for (const {name, mark, target, tagger, time, message} of plan.tags) {
		parts.push(`tag ${name}\nmark :${mark}\nfrom :${target}\n`, person('tagger', tagger, time));
		writeData(parts, message);
	}

	const last = plan.commits.at(-1);
	if (plan.notes.length > 0 && last) {
		parts.push('commit refs/notes/commits\n', person('committer', last.committer, last.time));
		writeData(parts, 'Notes added by hand\n');
		for (const {target, text} of plan.notes) {
			parts.push(`N inline :${target}\n`);
			writeData(parts, text);
		}
	}

	parts.push('done\n');
	return Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : part)));
}

const workRef = 'refs/sandbox/work';

function writeCommit(parts: Array<string | Uint8Array>, commit: PlannedCommit): void {
	const [first, ...further] = commit.parents;
	// A first commit on a ref that is already there would become its child.
	if (first === undefined) {
		parts.push(`reset ${workRef}\n`);
	}

	parts.push(
		`commit ${workRef}\nmark :${commit.mark}\n`,
		person('author', commit.author, commit.time),
		person('committer', commit.committer, commit.time),
	);
	writeData(parts, commit.message);
	if (first !== undefined) {
		parts.push(`from :${first}\n`, ...further.map(parent => `merge :${parent}\n`));
	}

	for (const [path, content] of commit.changes) {
		if (content === null) {
			parts.push(`D ${path}\n`);
		} else {
			parts.push(`M ${path.endsWith('.sh') ? '100755' : '100644'} inline ${path}\n`);
			writeData(parts, content);
		}
	}

	parts.push('\n');
}

function writeData(parts: Array<string | Uint8Array>, content: FileContent): void {
	const bytes = typeof content === 'string' ? Buffer.from(content) : content;
	parts.push(`data ${bytes.length}\n`, bytes, '\n');
}

function person(role: string, {displayName, email}: Person, time: number): string {
	return `${role} ${displayName} <${email}> ${time / 1000} +0100\n`;
}
