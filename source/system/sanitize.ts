/** Operating system commands, device control strings and their like: from their start to BEL or the string terminator. */
const stringSequences =
	/(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?/g;

/** Control sequences (cursor, colours) and two-character escapes. */
const controlSequences = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;

/** Line and paragraph breaks, tabs: one space keeps words apart. */
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/**
C0, DEL and C1 controls; marks that turn the direction of text around; invisible characters that take no cell or change
how others are drawn; byte order marks; interlinear annotations; tags; and halves of surrogate pairs.
*/
const unsafe =
	/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200c\u200e-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/**
Text from outside as one line that is safe to show in a terminal and to write into a log. Letters, emoji and their
joiners stay; nothing is left that moves the cursor, colours, rings, answers, hides or turns text around.
*/
export function sanitize(text: string): string {
	return text
		.toWellFormed()
		.replace(stringSequences, '')
		.replace(controlSequences, '')
		.replace(breaks, ' ')
		.replace(unsafe, '');
}
