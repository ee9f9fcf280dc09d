#!/usr/bin/env node
/*
The guard at the door. It must load on any Node.js that anybody still has, so it imports nothing until it knows the
version, and uses no newer syntax than that.
*/
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 13)) {
	process.stderr.write(
		`Bucket Brigade needs Node.js 22.13 or newer, and this is ${process.versions.node}: install a newer one from https://nodejs.org and start it again.\n`,
	);
	process.exitCode = 1;
} else {
	const {NO_COLOR: noColor} = process.env;
	if ((noColor !== undefined && noColor !== '') || process.argv.includes('--no-color')) {
		// Ink does not know NO_COLOR; what colours its output reads this once, when it is imported.
		process.env['FORCE_COLOR'] = '0';
	}

	const {keepCompiled} = await import('./system/compile-cache.ts');
	keepCompiled(process.env);
	const {main} = await import('./main.ts');
	await main(process.argv.slice(2));
}

export {};
