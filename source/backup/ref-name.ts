/**
Whether git takes this as the full name of a ref (the rules of `git check-ref-format`). Names are byte strings.

A server could advertise anything: what git itself would refuse is never written into a mirror.
*/
export function isRefName(name: string): boolean {
	return (
		name.startsWith('refs/') &&
		!forbidden.test(name) &&
		name.split('/').every(part => part !== '' && !part.startsWith('.') && !part.endsWith('.lock')) &&
		!name.endsWith('.')
	);
}

/** Control characters, DEL, space and what has a meaning in a revision. */
const forbidden = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{/;
