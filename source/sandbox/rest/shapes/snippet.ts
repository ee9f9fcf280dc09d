import type {Comment, Commit, Snippet, SnippetContents} from '../../world.ts';
import {commentJson} from './discussion.ts';
import {accountJson, signatureJson} from './people.ts';
import {commitMoment, linkTo, moment, type ShapeSource} from './source.ts';

/** A snippet in a list: without its files. */
export function snippetJson(source: ShapeSource, snippet: Snippet) {
	const self = snippetApi(source, snippet);
	const page = snippetPage(source, snippet);
	return {
		type: 'snippet',
		// The description says number; what is in the addresses, and in its own example, are letters.
		id: snippet.id,
		uuid: snippet.uuid,
		title: snippet.title,
		scm: 'git',
		is_private: snippet.isPrivate,
		created_on: moment(snippet.createdOn),
		updated_on: moment(snippet.updatedOn),
		owner: accountJson(source, snippet.owner),
		creator: accountJson(source, snippet.creator),
		links: {
			self: linkTo(self),
			html: linkTo(page),
			comments: linkTo(`${self}/comments`),
			watchers: linkTo(`${self}/watchers`),
			commits: linkTo(`${self}/commits`),
			diff: linkTo(`${self}/HEAD/diff`),
			patch: linkTo(`${self}/HEAD/patch`),
			clone: [{name: 'https', href: `${page}.git`}],
		},
	};
}

export function fullSnippetJson(source: ShapeSource, snippet: Snippet, contents: SnippetContents) {
	const files = contents.files.map(({path}) => {
		const href = `${snippetApi(source, snippet)}/${contents.head}/files/${encodePath(path)}`;
		const html = `${snippetPage(source, snippet)}#file-${encodeURIComponent(path)}`;
		return [path, {links: {self: linkTo(href), html: linkTo(html)}}] as const;
	});
	return {...snippetJson(source, snippet), files: Object.fromEntries(files)};
}

export function snippetCommentJson(source: ShapeSource, snippet: Snippet, comment: Comment) {
	return {
		...commentJson(source, comment),
		type: 'snippet_comment',
		snippet: snippetStubJson(source, snippet),
		links: {
			self: linkTo(`${snippetApi(source, snippet)}/comments/${comment.id}`),
			html: linkTo(`${snippetPage(source, snippet)}#comment-${comment.id}`),
		},
	};
}

export function snippetCommitJson(source: ShapeSource, snippet: Snippet, commit: Commit) {
	const self = `${snippetApi(source, snippet)}/commits`;
	return {
		type: 'snippet_commit',
		hash: commit.hash,
		date: commitMoment(commit.date),
		author: signatureJson(source, commit.author),
		message: commit.message,
		parents: commit.parents.map(hash => ({
			type: 'snippet_commit',
			hash,
			links: {self: linkTo(`${self}/${hash}`)},
		})),
		snippet: snippetStubJson(source, snippet),
		links: {
			self: linkTo(`${self}/${commit.hash}`),
			html: linkTo(`${snippetPage(source, snippet)}/revisions/${commit.hash}`),
			diff: linkTo(`${snippetApi(source, snippet)}/${commit.hash}/diff`),
		},
	};
}

/** Address of a snippet in the API. */
export function snippetApi({world, apiUrl}: ShapeSource, {id}: Snippet): string {
	return `${apiUrl}/snippets/${world.workspace.slug}/${id}`;
}

/** A path in an address: slashes stay. */
export function encodePath(path: string): string {
	return path.split('/').map(encodeURIComponent).join('/');
}

function snippetStubJson(source: ShapeSource, snippet: Snippet) {
	return {
		type: 'snippet',
		id: snippet.id,
		title: snippet.title,
		links: {self: linkTo(snippetApi(source, snippet)), html: linkTo(snippetPage(source, snippet))},
	};
}

function snippetPage({world, gitUrl}: ShapeSource, {id}: Snippet): string {
	return `${gitUrl}/snippets/${world.workspace.slug}/${id}`;
}
