import {build} from 'esbuild';

/** Bundles a script into one file: started a hundred times, it starts in a fraction of the time that the loader of the sources takes. */
export async function bundleScript(script: string, outfile: string): Promise<void> {
	await build({
		entryPoints: [script],
		outfile,
		bundle: true,
		platform: 'node',
		format: 'esm',
		logLevel: 'silent',
		banner: {
			js: "import {createRequire as createRequireOfBundle} from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
		},
	});
}
