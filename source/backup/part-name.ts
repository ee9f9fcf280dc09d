/** How the file ends that holds what came of a file whose download broke off. What stands beside it begins with the same. */
export const partSuffix = '.part';

/** Whether a file in a folder for what is coming in is a part that is worth something to a later run, or belongs to one. */
export function isPart(name: string): boolean {
	return /^[0-9A-Za-z-]+\.part(\.json)?$/.test(name);
}
