/** Prints one line of figures below its title. */
export function line(...parts: readonly string[]): void {
	console.log(`  ${parts.join('   ')}`);
}
