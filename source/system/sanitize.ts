/** Operating system commands, device control strings and their like: from their start to BEL or the string terminator. */
const stringSequences =
	/(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?/g;

/** Control sequences (cursor, colours) and two-character escapes. */
const controlSequences = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;

/** Line and paragraph breaks, tabs: one space keeps words apart. */
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/**
Controls; marks that turn the direction of text around, characters that cannot be seen or change how others are drawn
(all of them are what Unicode calls default ignorable); interlinear annotations. Captured, to be put back: what makes one picture of
several emoji, where it does that.
*/
const unsafe =
	/((?<=\p{Emoji})\ufe0f|(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d(?=\p{Extended_Pictographic}))|[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

const harmless = /^[ -~]*$/;

/**
Text from outside as one line that is safe to show in a terminal and to write into a log. Letters and emoji stay; nothing
is left that moves the cursor, colours, rings, answers, hides or turns text around.
*/
export function sanitize(text: string): string {
	// Most texts; and a program's first ones are shown before the expressions above have to be made ready.
	if (harmless.test(text)) {
		return text;
	}

	return text
		.toWellFormed()
		.replace(stringSequences, '')
		.replace(controlSequences, '')
		.replace(breaks, ' ')
		.replace(unsafe, '$1');
}
