import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';

/**
The licences of the packages that a bundle holds code of, as one text.

@param inputs Paths of the bundled files, below the root, as esbuild tells them.
*/
export async function thirdPartyLicences(root: string, inputs: readonly string[]): Promise<string> {
	const folders = new Set(inputs.map(packageFolder).filter(folder => folder !== undefined));
	const parts = await Promise.all(
		[...folders].sort().map(async folder => {
			const text = await readFile(join(root, folder, 'package.json'), 'utf8');
			const {name, version, license} = JSON.parse(text) as Record<string, string>;
			return `${name} ${version} (${license})\n\n${await licenceText(join(root, folder))}\n`;
		}),
	);
	return `Bucket Brigade contains code of these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** `node_modules/@scope/name` of a file in it, the innermost one. */
function packageFolder(path: string): string | undefined {
	return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

async function licenceText(folder: string): Promise<string> {
	const names = await readdir(folder);
	const found = names.filter(name => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
	const texts = await Promise.all(found.map(async name => readFile(join(folder, name), 'utf8')));
	return texts.map(text => text.trim()).join('\n\n');
}
