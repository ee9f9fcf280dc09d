import {parseDuration} from '../model/duration.ts';
import type {KeepRules} from '../model/plan.ts';
import {UserError} from '../system/user-error.ts';

const counts = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const;

type KnownKeepRules = {[Rule in (typeof counts)[number]]?: number} & {within?: string};

/**
Retention as people write it: `last=7,daily=7,weekly=8,within=30d`. An empty text keeps everything for ever.

@throws UserError (wrong usage)
*/
export function parseKeep(text: string): KnownKeepRules {
	const rules: KnownKeepRules = {};
	for (const part of text.split(',').filter(one => one.trim() !== '')) {
		const [name = '', value = '', ...rest] = part.split('=').map(one => one.trim());
		const count = counts.find(one => one === name);
		if (count !== undefined && rest.length === 0 && /^[1-9]\d{0,5}$/.test(value)) {
			rules[count] = Number(value);
		} else if (name === 'within' && rest.length === 0 && parseDuration(value) !== undefined) {
			rules.within = value;
		} else {
			throw new UserError(
				`"${part.trim()}" is no rule for keeping snapshots: write ${counts.join('=N, ')}=N or within=30d, separated by commas.`,
				{exitCode: 2},
			);
		}
	}

	return rules;
}

/** The rules in the form that `parseKeep` reads; empty where everything is kept. */
export function formatKeep(rules: KeepRules): string {
	return [...counts, 'within' as const]
		.flatMap(name => (rules[name] === undefined ? [] : [`${name}=${rules[name]}`]))
		.join(',');
}
