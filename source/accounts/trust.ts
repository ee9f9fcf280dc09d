import {freezeMilliseconds} from './backoff.ts';

/**
How far our own count of an account's resource is believed. Somebody else may use the same account, or the limit may be
lower than anybody said: then Bitbucket answers 429, or warns that the limit is near, while by our count there is room.

Moments are machine time in milliseconds.
*/
export type Trust = {
	/** Nothing is sent before this moment; 0 where nothing was ever refused. */
	readonly frozenUntil: number;
	/** When the last 429 came; null where that is forgotten. */
	readonly throttledAt: number | null;
	/** Until when the last 429 is remembered: one window after the freeze. */
	readonly rememberedUntil: number;
	/** How long the last freeze was: each step doubles it. */
	readonly step: number;
	/** Answers other than 429 since the last freeze ended. */
	readonly successes: number;
	/** Requests in the window that others are believed to have sent, until `foreignUntil`. */
	readonly foreign: number;
	readonly foreignUntil: number;
};

export const fullTrust: Trust = {
	frozenUntil: 0,
	throttledAt: null,
	rememberedUntil: 0,
	step: 0,
	successes: 0,
	foreign: 0,
	foreignUntil: 0,
};

/** What an answer is judged by. */
export type TrustContext = {
	readonly now: number;
	/** Requests of the limit, the reserve included. */
	readonly limit: number;
	readonly windowMilliseconds: number;
	/** Our own requests that count now. */
	readonly used: number;
};

/** After a freeze so many answers must come one by one before requests go out together again. */
export const successesForTrust = 8;

/** So many answers between two 429 say that the freeze was longer than it had to be. */
const successesForShorterFreeze = 64;

/** Bitbucket warns (`X-RateLimit-NearLimit`) when less than a fifth of the limit is left. */
const nearShare = 0.8;

/** What is still known at a moment: a 429 is forgotten in time, and what others sent when it cannot count any more. */
export function trustAt(trust: Trust, now: number): Trust {
	const isThrottleOver =
		trust.throttledAt !== null && now >= trust.rememberedUntil && now >= trust.frozenUntil;
	const isForeignOver = trust.foreign > 0 && now >= trust.foreignUntil;
	if (!isThrottleOver && !isForeignOver) {
		return trust;
	}

	return {
		...trust,
		...(isThrottleOver ? {throttledAt: null, step: 0, successes: 0} : {}),
		...(isForeignOver ? {foreign: 0, foreignUntil: 0} : {}),
	};
}

/** Whether requests go out one at a time, each to be answered before the next. */
export function isCareful(trust: Trust): boolean {
	return trust.throttledAt !== null && trust.successes < successesForTrust;
}

/**
After a 429: leaves the resource alone for a while, longer from step to step, and takes the window for full. One that was
sent before the last 429 came says nothing new.

@param chargedAt When the refused request was charged.
*/
export function afterThrottle(
	before: Trust,
	context: TrustContext,
	refused: {
		readonly chargedAt: number;
		readonly retryAfterMilliseconds: number | undefined;
		/** From 0 to 1. */
		readonly random: number;
	},
): Trust {
	const {now, windowMilliseconds} = context;
	const trust = trustAt(before, now);
	if (trust.throttledAt !== null && (refused.chargedAt < trust.throttledAt || now < trust.frozenUntil)) {
		return trust;
	}

	const step = nextStep(trust);
	const wait = freezeMilliseconds(step, windowMilliseconds, refused.retryAfterMilliseconds, refused.random);
	return {
		frozenUntil: Math.ceil(now + wait),
		throttledAt: now,
		rememberedUntil: Math.ceil(now + wait + windowMilliseconds),
		step,
		successes: 0,
		...foreignUse(context, context.limit),
	};
}

/** After any other answer: the server had room, so that others cannot have used more than is left. */
export function afterSuccess(before: Trust, context: TrustContext): Trust {
	const {now, limit, used} = context;
	const trust = trustAt(before, now);
	if (now < trust.frozenUntil) {
		return trust;
	}

	const successes = trust.throttledAt === null ? 0 : trust.successes + 1;
	const foreign = Math.max(0, Math.min(trust.foreign, limit - used));
	return successes === trust.successes && foreign === trust.foreign ? trust : {...trust, successes, foreign};
}

/** After the server's warning that the limit is near: what our own requests do not explain, others have sent. */
export function afterNearLimit(before: Trust, context: TrustContext): Trust {
	const trust = trustAt(before, context.now);
	const {foreign, foreignUntil} = foreignUse(context, Math.ceil(context.limit * nearShare));
	return foreign > trust.foreign ? {...trust, foreign, foreignUntil} : trust;
}

/** A freeze that was too short is doubled, one that was much too long halved. */
function nextStep({throttledAt, step, successes}: Trust): number {
	if (throttledAt === null) {
		return 0;
	}

	if (successes < successesForTrust) {
		return step + 1;
	}

	return successes < successesForShorterFreeze ? step : Math.max(0, step - 1);
}

function foreignUse(
	{now, used, windowMilliseconds}: TrustContext,
	counted: number,
): Pick<Trust, 'foreign' | 'foreignUntil'> {
	const foreign = Math.max(0, counted - used);
	return {foreign, foreignUntil: foreign === 0 ? 0 : Math.ceil(now + windowMilliseconds)};
}
