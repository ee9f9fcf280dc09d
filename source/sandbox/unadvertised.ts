import type {IncomingMessage, ServerResponse} from 'node:http';
import {gunzipSync} from 'node:zlib';
import type {GitProcess} from './git-process.ts';
import {readBody} from './read-body.ts';

/** Far more than any client asks for. */
const maximumBytes = 64 * 1024 * 1024;

/**
 * Git's own protocol version 2 gives any commit to whoever knows its id. Other servers look whether a ref shows it; this refuses as
 * they do, with the words of git's `upload-pack`. Returns the request's body where there is nothing to refuse.
 */
export async function refuseUnadvertised(
	request: IncomingMessage,
	response: ServerResponse,
	{git, gitDirectory}: {readonly git: GitProcess; readonly gitDirectory: string},
): Promise<Buffer | undefined> {
	const body = (await readBody(request, maximumBytes)) ?? Buffer.alloc(0);
	const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
	const wanted = [...text.toString('latin1').matchAll(/[0-9a-f]{4}want ([0-9a-f]{40})/g)];
	const tips = await shownTips(git, gitDirectory);
	const stranger = wanted.map(([, id = '']) => id).find(id => !tips.has(id));
	if (stranger === undefined) {
		return body;
	}

	const line = `ERR upload-pack: not our ref ${stranger}`;
	response.writeHead(200, {'Content-Type': 'application/x-git-upload-pack-result'});
	response.end((line.length + 4).toString(16).padStart(4, '0') + line);
	return undefined;
}

async function shownTips(git: GitProcess, gitDirectory: string): Promise<ReadonlySet<string>> {
	const refs = await git.run(gitDirectory, ['for-each-ref', '--format=%(objectname) %(refname)']);
	const shown = refs
		.toString('latin1')
		.split('\n')
		.filter(line => !line.includes(' refs/sandbox/'));
	return new Set(shown.map(line => line.slice(0, 40)));
}
