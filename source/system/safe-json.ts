/** What a terminal would act upon, or nobody would see; JSON leaves it as it is where it stands in a text. */
const unsafe = /[\u007f-\u009f\u2028\u2029\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/**
A value as one line of JSON that is safe to show in a terminal: what would move its cursor or turn text around is written
as an escape of JSON's own. Whoever parses it gets the exact texts.
*/
export function safeJson(value: unknown): string {
	return JSON.stringify(value).replace(unsafe, escapeCharacter);
}

function escapeCharacter(character: string): string {
	return [...Array(character.length).keys()]
		.map(index => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
		.join('');
}
