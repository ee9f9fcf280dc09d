import {json, list} from '../answers.ts';
import {byId} from '../find-one.ts';
import {pullRequestRoute} from '../pull-request-route.ts';
import type {Route} from '../route.ts';
import {pullRequestCommentJson, taskJson} from '../shapes/discussion.ts';

/** What is said and left to do in pull requests. Deleted comments stay in the list, without their text. */
export const discussionRoutes: readonly Route[] = [
	pullRequestRoute({
		path: '/comments',
		answer: call =>
			list(call.pullRequest.comments, comment => pullRequestCommentJson(call.services, call, comment), {
				queryable: [
					'id',
					'created_on',
					'updated_on',
					'user',
					'content',
					'deleted',
					'pending',
					'inline',
					'parent',
				],
			}),
	}),
	pullRequestRoute({
		path: '/comments/{comment_id}',
		answer: call =>
			json(
				pullRequestCommentJson(
					call.services,
					call,
					byId(call.pullRequest.comments, call.parameter('comment_id')),
				),
			),
	}),
	pullRequestRoute({
		path: '/tasks',
		answer: call =>
			list(call.pullRequest.tasks, task => taskJson(call.services, call, task), {
				queryable: ['id', 'state', 'created_on', 'updated_on', 'creator', 'content', 'comment', 'pending'],
			}),
	}),
	pullRequestRoute({
		path: '/tasks/{task_id}',
		answer: call =>
			json(taskJson(call.services, call, byId(call.pullRequest.tasks, call.parameter('task_id')))),
	}),
];
