/** An error that the API answers with. The message is Bitbucket's wording where it is known. */
export class RestProblem extends Error {
	override readonly name = 'RestProblem';
	readonly status: number;
	readonly detail: unknown;

	constructor(status: number, message: string, detail?: unknown) {
		super(message);
		this.status = status;
		this.detail = detail;
	}
}

/** Bitbucket's JSON envelope for errors. */
export function problemJson({message, detail}: Pick<RestProblem, 'message' | 'detail'>) {
	return {type: 'error', error: {message, ...(detail !== undefined && {detail})}};
}

export function notFound(message = 'Resource not found'): RestProblem {
	return new RestProblem(404, message);
}

/** Says the same of a repository that one may not see and of one that there is not. */
export function noRepository(): RestProblem {
	return new RestProblem(
		404,
		'You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.',
	);
}

export function noWorkspace(identifier: string): RestProblem {
	return new RestProblem(404, `No workspace with identifier '${identifier}'.`);
}

export function badRequest(message: string): RestProblem {
	return new RestProblem(400, message);
}
