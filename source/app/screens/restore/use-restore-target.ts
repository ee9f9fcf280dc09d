import {useEffect, useState} from 'react';
import type {RestoreTarget} from '../../../actions/restore-target.ts';
import {messageOf} from '../../message-of.ts';
import {useShell} from '../../shell.ts';
import type {RestoreEntry} from './restore-entry.ts';

/** Looks at the target while it is entered: anew whenever it changes, and only the last answer counts. */
export function useRestoreTarget(
	plan: string,
	{form, to, withMetadata}: Pick<RestoreEntry, 'form' | 'to' | 'withMetadata'>,
): RestoreTarget | undefined {
	const {services} = useShell();
	const [seen, setSeen] = useState<{readonly key: string; readonly target: RestoreTarget} | undefined>();
	const key = JSON.stringify([form, to, withMetadata]);

	useEffect(() => {
		let isCurrent = true;
		if (to.trim() !== '') {
			services.restoreTarget({plan, form, to, withMetadata}).then(
				target => {
					if (isCurrent) {
						setSeen({key, target});
					}
				},
				(error: unknown) => {
					if (isCurrent) {
						setSeen({key, target: {to, signsInAs: undefined, problem: messageOf(error)}});
					}
				},
			);
		}

		return () => {
			isCurrent = false;
		};
	}, [services, plan, form, to, withMetadata, key]);

	return seen?.key === key ? seen.target : undefined;
}
