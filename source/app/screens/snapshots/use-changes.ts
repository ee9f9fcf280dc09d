import {useEffect, useReducer, useRef, useState} from 'react';
import type {ListedSnapshot} from '../../../actions/repository-snapshots.ts';
import type {BackupOf} from '../../backup-services.ts';
import {messageOf} from '../../message-of.ts';
import {useShell} from '../../shell.ts';

/** Snapshots whose changes are read together: few enough that the first of them are soon there. */
const atOnce = 12;

export type Changes = {
	/** What changed since the one before; undefined while it is not known. */
	readonly textOf: (snapshot: ListedSnapshot) => string | undefined;
	readonly isReading: boolean;
	/** Why it could not be read, in a sentence. */
	readonly problem: string | undefined;
};

/**
What changed from one snapshot to the next, read for those that are in sight, a few at a time; kept for when they are seen again.
*/
export function useChanges(of: BackupOf | undefined, visible: readonly ListedSnapshot[]): Changes {
	const {services, cache} = useShell();
	const [, redraw] = useReducer((count: number) => count + 1, 0);
	const [problem, setProblem] = useState<string | undefined>();
	const isReading = useRef(false);
	const end = useRef<AbortController | undefined>(undefined);
	const texts = textsOf(cache, of);
	const findMissing = (): readonly ListedSnapshot[] =>
		visible.filter(one => one.before !== undefined && !texts.has(keyOf(one)));

	useEffect(
		() => () => {
			end.current?.abort(new Error('The screen was left.'));
		},
		[],
	);

	// After each drawing: what came into sight is read once what is read already has come.
	useEffect(() => {
		// What was missing when it was drawn may be there by now.
		const wanted = findMissing().slice(0, atOnce);
		if (isReading.current || problem !== undefined || of === undefined || wanted.length === 0) {
			return;
		}

		isReading.current = true;
		const controller = new AbortController();
		end.current = controller;
		const pairs = wanted.map(({before = '', id}) => ({before, after: id}));
		services
			.changesTexts(of, pairs, controller.signal)
			.then(
				found => {
					for (const one of wanted) {
						texts.set(keyOf(one), found.get(one.id) ?? '');
					}
				},
				(error: unknown) => {
					if (!controller.signal.aborted) {
						setProblem(messageOf(error));
					}
				},
			)
			.finally(() => {
				isReading.current = false;
				if (!controller.signal.aborted) {
					redraw();
				}
			});
	});

	return {
		textOf: snapshot => (snapshot.before === undefined ? 'the first one' : texts.get(keyOf(snapshot))),
		isReading: findMissing().length > 0 && problem === undefined,
		problem,
	};
}

/** What was compared never changes: snapshots do not. Which one is before another does, when one between them goes. */
function keyOf({before, id}: ListedSnapshot): string {
	return `${before ?? ''}..${id}`;
}

function textsOf(cache: Map<string, unknown>, of: BackupOf | undefined): Map<string, string> {
	const key = `changes ${of?.plan ?? ''} ${of?.folder ?? ''}`;
	const known = cache.get(key) as Map<string, string> | undefined;
	const texts = known ?? new Map<string, string>();
	if (known === undefined) {
		cache.set(key, texts);
	}

	return texts;
}
