import type {Route} from './route.ts';

export type FoundRoute = {readonly route: Route; readonly parameter: (name: string) => string};

/** These go on to the end of the path, slashes and all: names of branches, paths of files, ranges of commits. */
const greedy = new Set(['name', 'path', 'spec']);

/** Finds the first route of the table that a path fits. A slash at the end makes no difference, but for greedy parameters. */
export function createRouteTable(routes: readonly Route[]): (pathname: string) => FoundRoute | undefined {
	const compiled = routes.map(route => ({route, ...compile(route.path)}));
	return pathname => {
		for (const {route, expression, names} of compiled) {
			const match = expression.exec(pathname);
			if (match) {
				const values = new Map(names.map((name, index) => [name, decode(match[index + 1] ?? '')]));
				return {route, parameter: name => values.get(name) ?? missing(route, name)};
			}
		}

		return undefined;
	};
}

function compile(path: string): {readonly expression: RegExp; readonly names: readonly string[]} {
	const names: string[] = [];
	const source = path.split('/').map(part => {
		const name = /^\{(\w+)\}$/.exec(part)?.[1];
		if (name === undefined) {
			return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
		}

		names.push(name);
		return name === 'path' ? '(.*)' : greedy.has(name) ? '(.+?)' : '([^/]+)';
	});
	return {expression: new RegExp(`^${source.join('/')}/?$`), names};
}

function missing(route: Route, name: string): never {
	throw new Error(`The route ${route.path} has no parameter ${name}.`);
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
