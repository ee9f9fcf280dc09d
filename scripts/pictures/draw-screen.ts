import {setTimeout as delay} from 'node:timers/promises';
import {unicodeSigns} from '../../source/app/theme.ts';
import {createFakeServices} from '../../test/app/fake-services.ts';
import {createTestTerminal, type TestTerminal} from '../../test/app/terminal.ts';
import type {ScreenToDraw} from './screen-to-draw.ts';

export type Drawing = {
	readonly columns: number;
	readonly rows: number;
	readonly isAscii?: boolean;
};

/** A moving sign stands still in a picture. */
const movingSigns = new RegExp(`[${unicodeSigns.spinner.join('')}]`, 'g');
/** In ASCII it turns behind the cursor's place. */
const movingAsciiSign = /^( [> ] )[|/\\-](?= )/;
const stillSign = unicodeSigns.spinner[0] ?? '';

export function stand(text: string): string {
	return text.replace(movingSigns, stillSign);
}

/**
Draws a screen with the real app in a terminal without a window.

@param take Is given the terminal once the screen is whole.
*/
export async function drawScreen<Taken>(
	{place, content, steps = [], services}: ScreenToDraw,
	{columns, rows, isAscii = false}: Drawing,
	take: (terminal: TestTerminal) => Taken,
): Promise<Taken> {
	const {runApp} = await import('../../source/app/run-app.tsx');
	const terminal = createTestTerminal(columns, rows);
	const {stdin, stdout} = terminal;
	const ended = runApp(createFakeServices(services), {
		stdin,
		stdout,
		ascii: isAscii,
		startAt: place,
		framesPerSecond: 60,
		// Of no terminal that this happens to run in.
		environment: {},
	});
	try {
		await terminal.waitFor(content);
		for (const [input, next] of steps) {
			terminal.type(input);
			await terminal.waitFor(next);
		}

		await terminal.settled();
		return take(terminal);
	} finally {
		// Also where a screen never came: what draws it must not stay open.
		terminal.hangUp();
		await Promise.race([ended, delay(5000)]);
	}
}

/** The rows of a screen as text, as they are kept for comparison. */
export function textOf(terminal: TestTerminal): string {
	const lines = terminal.rows().map(line => stand(line.trimEnd()).replace(movingAsciiSign, '$1|'));
	return `${lines.join('\n')}\n`;
}
