import {RequestFailed} from '../../bitbucket/failures.ts';
import type {HttpClient} from '../../bitbucket/http-client.ts';
import type {Clock} from '../../system/clock.ts';
import type {Upstream} from '../upstream.ts';
import {askForLinks, BatchRefused, type LfsLink} from './batch.ts';
import type {LfsObject} from './pointer.ts';

/** A batch that is refused as a whole is asked for in halves, so often at most. */
const maximumHalvings = 64;

type Links = ReadonlyMap<string, LfsLink>;

/** Asks for the links of so many objects as go into one batch; says why nobody may ask, where that is so. */
export type AskForBatch = (objects: readonly LfsObject[]) => Promise<Links | string>;

export type BatchAskerOptions = {
	readonly http: HttpClient;
	readonly upstream: Upstream;
	readonly clock: Clock;
	readonly signal: AbortSignal;
};

/** Asks through the account pool: a batch is one request of `git`. */
export function createBatchAsker({http, upstream, clock, signal}: BatchAskerOptions): AskForBatch {
	const {name, pool, cloneUrl} = upstream;
	let halvings = 0;

	const ask: AskForBatch = async objects => {
		try {
			return await pool.withGit({repository: name, requests: 1}, async ({signIn}) =>
				askForLinks({http, cloneUrl, signIn, objects, now: clock.now, signal}),
			);
		} catch (error) {
			if (error instanceof BatchRefused) {
				return halved(objects, error);
			}

			if (error instanceof RequestFailed && error.reason !== 'no-account') {
				return error.message;
			}

			throw error;
		}
	};

	/** Too much at once, or one among them that the server takes offence at. */
	const halved = async (
		objects: readonly LfsObject[],
		{status, message}: BatchRefused,
	): Promise<Links | string> => {
		const [only] = objects;
		if (objects.length === 1 && only !== undefined && status === 422) {
			return new Map([[only.oid, {kind: 'refused', message}]]);
		}

		if (objects.length === 1 || (status !== 413 && status !== 422) || halvings >= maximumHalvings) {
			return message;
		}

		halvings += 1;
		const middle = Math.ceil(objects.length / 2);
		const first = await ask(objects.slice(0, middle));
		if (typeof first === 'string') {
			return first;
		}

		const second = await ask(objects.slice(middle));
		return typeof second === 'string' ? second : new Map([...first, ...second]);
	};

	return ask;
}
