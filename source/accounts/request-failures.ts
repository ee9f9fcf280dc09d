import {withoutQuery} from '../bitbucket/addresses.ts';
import {errorMessage} from '../bitbucket/error-message.ts';
import {type FailureReason, RequestFailed} from '../bitbucket/failures.ts';
import {BodyTooLarge, ConnectionFailed, type HttpAnswer} from '../bitbucket/http-client.ts';
import {missingScopes, missingScopesIn} from '../bitbucket/scopes.ts';

/** What an answer means that is not what was asked for. */
export function answerFailure(address: string, answer: HttpAnswer, reason: FailureReason): RequestFailed {
	const url = withoutQuery(address);
	return new RequestFailed(`Bitbucket said ${answer.status} to ${url}: ${errorMessage(answer.body)}`, {
		reason,
		status: answer.status,
		url,
		missingScopes: reason === 'forbidden' ? scopesMissingTo(answer) : [],
	});
}

function scopesMissingTo({headers, body}: HttpAnswer): readonly string[] {
	const told = missingScopes(headers);
	return told.length > 0 ? told : missingScopesIn(body);
}

/** What the host said where Bitbucket keeps a file. */
export function storageFailure(location: string, status: number): RequestFailed {
	const url = withoutQuery(location);
	return new RequestFailed(`The file's storage host said ${status} to ${url}.`, {
		reason: 'server',
		status,
		url,
	});
}

/** What a request that got no answer failed of; an error that has nothing to do with the connection is thrown on. */
export function connectionFailure(address: string, cause: unknown): RequestFailed {
	const url = withoutQuery(address);
	if (cause instanceof RequestFailed) {
		return cause;
	}

	if (cause instanceof BodyTooLarge) {
		return new RequestFailed(`The answer to ${url} was not taken: ${cause.message}.`, {
			reason: 'too-large',
			status: null,
			url,
		});
	}

	if (cause instanceof ConnectionFailed) {
		return new RequestFailed(`${url} could not be read: ${cause.message}.`, {
			reason: 'connection',
			status: null,
			url,
			cause,
		});
	}

	throw cause;
}
