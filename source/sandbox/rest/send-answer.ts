import type {ServerResponse} from 'node:http';
import {sendJson} from '../send.ts';
import type {Answer} from './answers.ts';
import {parseFields, selectFields} from './fields.ts';
import {pageOf} from './paging.ts';

/** Sends what a handler answered. `address` is the absolute address that was asked for, without its query. */
export function sendAnswer(
	response: ServerResponse,
	answer: Answer,
	address: string,
	query: URLSearchParams,
): void {
	switch (answer.kind) {
		case 'json':
			sendSelected(response, answer.value, query, answer.hidden);
			break;
		case 'list':
			sendSelected(response, pageOf(answer, address, query), query, answer.hidden);
			break;
		case 'redirect':
			response.writeHead(302, {Location: answer.location, 'Content-Length': 0});
			response.end();
			break;
		default:
			response.writeHead(200, {
				...answer.headers,
				'Content-Type': answer.contentType,
				'Content-Length': answer.body.length,
			});
			response.end(answer.body);
	}
}

function sendSelected(
	response: ServerResponse,
	value: unknown,
	query: URLSearchParams,
	hidden?: readonly string[],
): void {
	sendJson(response, 200, selectFields(value, parseFields(query.get('fields')), hidden));
}
