import {workspaceRole} from '../../access.ts';
import type {Snippet, SnippetContents} from '../../world.ts';
import {type Answer, json, list} from '../answers.ts';
import {byId, found} from '../find-one.ts';
import {notFound} from '../problem.ts';
import {type Call, checkWorkspace, type Route} from '../route.ts';
import {readSnippets, readSnippetWatchers} from '../scope-sets.ts';
import {accountJson} from '../shapes/people.ts';
import {
	encodePath,
	fullSnippetJson,
	snippetApi,
	snippetCommentJson,
	snippetCommitJson,
	snippetJson,
} from '../shapes/snippet.ts';
import {rawFile} from './files.ts';

export const snippetRoutes: readonly Route[] = [
	{
		path: '/snippets/{workspace}',
		scopes: readSnippets,
		notForTokens: true,
		answer(call) {
			checkWorkspace(call);
			const {services} = call;
			const visible = services.world.snippets.filter(snippet => maySee(call, snippet));
			return list(visible, snippet => snippetJson(services, snippet));
		},
	},
	snippetRoute('', ({services}, snippet, contents) => json(fullSnippetJson(services, snippet, contents))),
	snippetRoute('/comments', ({services}, snippet, {comments}) =>
		list(comments, comment => snippetCommentJson(services, snippet, comment)),
	),
	snippetRoute('/comments/{comment_id}', ({services, parameter}, snippet, {comments}) =>
		json(snippetCommentJson(services, snippet, byId(comments, parameter('comment_id')))),
	),
	snippetRoute('/commits', ({services}, snippet, {commits}) =>
		list(commits, commit => snippetCommitJson(services, snippet, commit)),
	),
	{
		...snippetRoute('/watchers', ({services}, _snippet, {watchers}) =>
			list(watchers, uuid => accountJson(services, uuid)),
		),
		scopes: readSnippetWatchers,
	},
	snippetRoute('/files/{path}', ({services, parameter}, snippet, contents) => {
		const {path} = fileOf(contents, parameter('path'));
		return {
			kind: 'redirect',
			location: `${snippetApi(services, snippet)}/${contents.head}/files/${encodePath(path)}`,
		};
	}),
	snippetRoute('/{node_id}', ({services, parameter}, snippet, contents) => {
		checkRevision(contents, parameter('node_id'));
		return json(fullSnippetJson(services, snippet, contents));
	}),
	snippetRoute('/{node_id}/files/{path}', ({parameter}, _snippet, contents) => {
		checkRevision(contents, parameter('node_id'));
		const {content, path} = fileOf(contents, parameter('path'));
		return rawFile(content, path);
	}),
];

function snippetRoute(
	path: string,
	answer: (call: Call, snippet: Snippet, contents: SnippetContents) => Answer,
): Route {
	return {
		path: `/snippets/{workspace}/{encoded_id}${path}`,
		scopes: readSnippets,
		notForTokens: true,
		async answer(call) {
			checkWorkspace(call);
			const wanted = call.parameter('encoded_id');
			const snippet = call.services.world.snippets.find(({id}) => id === wanted);
			if (!snippet || !maySee(call, snippet)) {
				throw notFound('Snippet not found.');
			}

			return answer(call, snippet, await call.services.snippetContents(snippet));
		},
	};
}

function maySee({services, account}: Call, {isPrivate}: Snippet): boolean {
	return !isPrivate || (account !== undefined && workspaceRole(services.world, account) !== undefined);
}

/** The sandbox gives the files of a snippet's newest revision only. */
function checkRevision({head}: SnippetContents, revision: string): void {
	if (revision !== 'HEAD' && (revision.length < 7 || !head.startsWith(revision))) {
		throw notFound('Snippet revision not found.');
	}
}

function fileOf({files}: SnippetContents, path: string) {
	return found(
		files.find(file => file.path === path),
		`No such file: ${path}`,
	);
}
