import type {DestinationCheck} from '../../../actions/check-destination.ts';
import {bytesText} from '../../words.ts';

/** What is known of a destination, in words; a problem is one that a run would fail by. */
export function destinationText(
	entered: string,
	check: DestinationCheck | undefined,
): {readonly text: string; readonly isProblem: boolean} {
	const kept = entered.trim();
	if (kept.startsWith('~')) {
		return {text: '"~" is not filled in here: write the whole path', isProblem: true};
	}

	if (check === undefined) {
		return {text: "a folder; empty: the home's own backups folder", isProblem: false};
	}

	const {path, nearest = path, freeBytes} = check;
	const free = freeBytes === undefined ? '' : `, ${bytesText(freeBytes)} free`;
	// Named where it is not what was typed.
	const folder = path === kept ? 'it' : path;
	switch (check.state) {
		case 'exists':
			return {text: `${folder} is there${free}`, isProblem: false};
		case 'can-be-made':
			return {text: `${folder} is made by the first run below ${nearest}${free}`, isProblem: false};
		case 'not-writable':
			return {
				text: `${nearest} may not be written to: choose another folder, or mend its rights`,
				isProblem: true,
			};
		case 'not-a-folder':
			return {text: `${nearest} is a file: choose a folder`, isProblem: true};
		case 'unreachable':
			return {text: `${path} cannot be looked at: is its disk there?`, isProblem: true};
	}
}
