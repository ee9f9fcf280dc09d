/** File systems take 255 bytes; room is left for what tells two of the same name apart. */
const maximumBytes = 240;

/**
Names from outside made into names of files of one folder: none leads out of it, none is another one's, also where upper and
lower case are the same.

@returns a name for each, in their order.
*/
export function safeFileNames(names: readonly string[]): readonly string[] {
	const taken = new Set<string>();
	return names.map(name => {
		const safe = safeFileName(name);
		let unique = safe;
		for (let number = 2; taken.has(foldCase(unique)); number += 1) {
			unique = numbered(safe, number);
		}

		taken.add(foldCase(unique));
		return unique;
	});
}

function safeFileName(name: string): string {
	const safe = name
		.toWellFormed()
		.replace(/[/\\\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, '_')
		.replace(/^\.{1,2}$/, '_');
	const short = shorten(safe);
	return short === '' ? '_' : short;
}

/** Cuts the middle out of a long name, so that its ending stays. */
function shorten(name: string): string {
	const [ending = ''] = /\.[^.]{1,16}$/.exec(name) ?? [];
	let stem = name.slice(0, name.length - ending.length);
	while (Buffer.byteLength(stem + ending) > maximumBytes) {
		stem = [...stem].slice(0, -1).join('');
	}

	return stem + ending;
}

function numbered(name: string, number: number): string {
	const [ending = ''] = /(?<=.)\.[^.]{1,16}$/.exec(name) ?? [];
	return `${name.slice(0, name.length - ending.length)} (${number})${ending}`;
}

function foldCase(name: string): string {
	return name.normalize('NFC').toLowerCase();
}
