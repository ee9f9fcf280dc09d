import type {ReactNode} from 'react';
import {wrapped} from '../cells.ts';
import type {Shell} from '../shell.ts';
import type {Tone} from '../theme.ts';
import {Paragraph} from './paragraph.tsx';

/** From so many lines on there is room for a second one. */
const roomForTwo = 14;

export type HeadNotice = {
	/** Lines that it takes; none where there is nothing to say. */
	readonly rows: number;
	readonly body: ReactNode;
};

/** Something that a person should know, at the head of a screen. @param notice Undefined where there is nothing to say. */
export function headNotice(
	notice: {readonly tone: Tone; readonly text: string} | undefined,
	{size, frame}: Pick<Shell, 'size' | 'frame'>,
): HeadNotice {
	if (notice === undefined) {
		return {rows: 0, body: null};
	}

	const width = size.columns - 2;
	const rows = Math.min(frame.body.rows >= roomForTwo ? 2 : 1, wrapped(notice.text, width).length);
	return {rows, body: <Paragraph text={notice.text} width={width} height={rows} tone={notice.tone} />};
}
