import {InvalidArgumentError} from 'commander';
import type {AdditionalCredentialsChoice} from '../actions/plans.ts';
import {type CredentialKind, CredentialKindSchema, credentialKinds} from '../model/credential-kind.ts';
import {type DataKind, DataKindSchema, dataKinds} from '../model/data-kind.ts';
import {CycleSchema} from '../model/plan.ts';
import {formatQuotaLimit, parseQuotaLimit, quotaLimitForm} from '../model/quota-limit.ts';

/*
What people write after an option, made into values. What cannot be read is wrong usage, with a word on what was expected.
*/

export function parseKind(text: string): CredentialKind {
	if (text === 'app-password') {
		throw new InvalidArgumentError(
			'App passwords stopped working on 2026-07-28: make an API token with scopes instead (--kind api-token).',
		);
	}

	const kind = CredentialKindSchema.safeParse(text);
	if (!kind.success) {
		throw new InvalidArgumentError(`Expected one of ${credentialKinds.join(', ')}.`);
	}

	return kind.data;
}

/** A parser of whole numbers between two bounds. */
export function parseWhole(minimum: number, maximum: number): (text: string) => number {
	return text => {
		const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
		if (!(number >= minimum && number <= maximum)) {
			throw new InvalidArgumentError(`Expected a whole number from ${minimum} to ${maximum}.`);
		}

		return number;
	};
}

export function parsePercent(text: string): number {
	const number = /^\d{1,2}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
	if (!(number >= 0 && number <= 90)) {
		throw new InvalidArgumentError('Expected a percentage from 0 to 90.');
	}

	return number;
}

/** How often something is done. */
export function parseCycle(text: string): string {
	if (!CycleSchema.safeParse(text).success) {
		throw new InvalidArgumentError('Expected a duration of at least an hour, for example 7d or 12h.');
	}

	return text;
}

/** A limit, in its shortest written form. */
export function parseLimit(text: string): string {
	const limit = parseQuotaLimit(text);
	if (limit === undefined) {
		throw new InvalidArgumentError(`Expected ${quotaLimitForm}.`);
	}

	return formatQuotaLimit(limit);
}

export function parseDate(text: string): string {
	if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text))) {
		throw new InvalidArgumentError('Expected a date, for example 2027-03-31.');
	}

	return text;
}

export function parseData(text: string): DataKind[] {
	return [...new Set(splitList(text))].map(name => {
		const kind = DataKindSchema.safeParse(name);
		if (!kind.success) {
			throw new InvalidArgumentError(`"${name}" is none of ${dataKinds.join(', ')}.`);
		}

		return kind.data;
	});
}

export function parseAdditionalCredentials(text: string): AdditionalCredentialsChoice {
	return text === 'all' || text === 'none' ? text : splitList(text);
}

/** For options that may be given many times. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
	return [...(before ?? []), value];
}

function splitList(text: string): string[] {
	const parts = text
		.split(',')
		.map(part => part.trim())
		.filter(part => part !== '');
	if (parts.length === 0) {
		throw new InvalidArgumentError('Expected at least one name.');
	}

	return parts;
}
