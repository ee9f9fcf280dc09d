import {isBelowApi} from '../bitbucket/addresses.ts';
import type {BodyTarget} from '../bitbucket/body-target.ts';
import type {RequestFailed} from '../bitbucket/failures.ts';
import type {HttpClient} from '../bitbucket/http-client.ts';
import {type Outcome, outcomeOf} from '../bitbucket/outcome.ts';
import {isSafeOrigin} from '../model/organization.ts';
import type {Outage} from './outage.ts';
import type {AccountPool} from './pool-types.ts';
import {connectionFailure, storageFailure} from './request-failures.ts';
import type {Delivery} from './transport.ts';
import {startTrial, strangerLink, type Trial} from './trial.ts';

/** An attempt that broke off after so many bytes has brought a download on. */
const worthwhileBytes = 1024 * 1024;

export type DownloadParts = {
	readonly apiUrl: string;
	readonly http: Pick<HttpClient, 'attempt'>;
	readonly outage: Pick<Outage, 'worked'>;
	readonly signal: AbortSignal;
	/** Sends until `finish` takes an answer. */
	readonly attempt: <Result>(
		trial: Trial,
		target: BodyTarget,
		finish: (delivery: Delivery) => Promise<Result | undefined>,
	) => Promise<Result>;
	/** Acts on an answer. @returns whether it is what was asked for. @throws when nothing more can be tried. */
	readonly judge: (trial: Trial, delivery: Delivery, outcome: Outcome) => Promise<boolean>;
	/** Waits before it is tried again. @throws the failure when it was tried enough. */
	readonly tryAgainLater: (trial: Trial, failure: RequestFailed) => Promise<void>;
};

/** Brings files to where they are wanted, from Bitbucket or from the host that it keeps them at; what broke off goes on. */
export function createDownload(parts: DownloadParts): AccountPool['download'] {
	const {apiUrl, http, outage, signal, attempt, judge, tryAgainLater} = parts;

	/** A file that Bitbucket keeps at another host: our Authorization does not go there, and no quota counts it. */
	const downloadElsewhere = async (
		trial: Trial,
		location: string,
		target: BodyTarget,
		hasMoved: () => boolean,
	): Promise<{bytes: number} | undefined> => {
		if (!isSafeOrigin(location)) {
			throw strangerLink(location);
		}

		let failure: RequestFailed;
		try {
			const maximumBytes = trial.request.maximumBytes ?? Number.POSITIVE_INFINITY;
			const answer = await http.attempt(location, {accept: '*/*', maximumBytes, target, signal});
			if (outcomeOf(answer, 'anything').kind === 'ok') {
				return {bytes: answer.bytes};
			}

			failure = storageFailure(location, answer.status);
		} catch (error) {
			failure = connectionFailure(location, error);
		}

		// Tried enough is what does not come any farther.
		trial.failures = hasMoved() ? 0 : trial.failures;
		await tryAgainLater(trial, failure);
		return undefined;
	};

	return async (request, target) => {
		const trial = startTrial(apiUrl, {accept: '*/*', ...request});
		let farthest = 0;
		const hasMoved = (): boolean => {
			const from = target.resume()?.from ?? 0;
			const isFarther = from >= farthest + worthwhileBytes;
			farthest = Math.max(from, farthest);
			return isFarther;
		};

		return attempt(trial, target, async delivery => {
			const outcome = outcomeOf(delivery.answer, 'anything');
			const location = outcome.kind === 'redirect' ? new URL(outcome.location, trial.url).href : undefined;
			if (location !== undefined && !isBelowApi(apiUrl, location)) {
				outage.worked();
				return downloadElsewhere(trial, location, target, hasMoved);
			}

			return (await judge(trial, delivery, outcome)) ? {bytes: delivery.answer.bytes} : undefined;
		});
	};
}
