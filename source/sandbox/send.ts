import type {ServerResponse} from 'node:http';

/** A plain text answer, complete. */
export function sendText(response: ServerResponse, status: number, text: string): void {
	response.writeHead(status, {
		'Content-Type': 'text/plain; charset=utf-8',
		'Content-Length': Buffer.byteLength(text),
	});
	response.end(text);
}

export function sendJson(
	response: ServerResponse,
	status: number,
	value: unknown,
	contentType = 'application/json',
): void {
	const text = JSON.stringify(value);
	response.writeHead(status, {'Content-Type': contentType, 'Content-Length': Buffer.byteLength(text)});
	response.end(text);
}
