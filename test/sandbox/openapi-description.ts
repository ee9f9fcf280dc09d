import {readFileSync} from 'node:fs';

export type JsonSchema = Readonly<Record<string, unknown>>;

export type Operation = {
	/** Names of the query's parameters. */
	readonly query: readonly string[];
	/** By the names of API tokens, and by the classic ones. */
	readonly scopes: {readonly api: readonly string[]; readonly classic: readonly string[]};
	/** By status: the schema's name, `undefined` where the answer is described in words only. */
	readonly answers: ReadonlyMap<string, string | undefined>;
};

export type Description = {
	readonly schemas: Readonly<Record<string, JsonSchema>>;
	/** By path, with every parameter written as `{}`. */
	readonly operations: ReadonlyMap<string, Operation>;
};

type Parameter = {readonly in: string; readonly name: string};
type RawOperation = {
	readonly parameters?: readonly Parameter[];
	readonly security?: ReadonlyArray<Readonly<Record<string, readonly string[]>>>;
	readonly 'x-atlassian-oauth2-scopes'?: ReadonlyArray<{readonly scopes: readonly string[]}>;
	readonly responses: Readonly<
		Record<
			string,
			{readonly content?: Readonly<Record<string, {readonly schema?: {readonly $ref?: string}}>>}
		>
	>;
};
type RawDescription = {
	readonly components: {readonly schemas: Readonly<Record<string, JsonSchema>>};
	readonly paths: Readonly<
		Record<string, {readonly parameters?: readonly Parameter[]; readonly get?: RawOperation}>
	>;
};

/** Parameters have other names here and there; where they stand is what counts. */
export function withoutNames(path: string): string {
	return path.replaceAll(/\{[^}]*\}/g, '{}');
}

/** Reads Atlassian's own description of REST 2.0 (OpenAPI 3.0, JSON), as far as it is about reading. */
export function readDescription(file: string): Description {
	const raw = JSON.parse(readFileSync(file, 'utf8')) as RawDescription;
	const operations = Object.entries(raw.paths).flatMap(([path, item]) =>
		item.get ? [[withoutNames(path), readOperation(item.get, item.parameters ?? [])] as const] : [],
	);
	return {schemas: raw.components.schemas, operations: new Map(operations)};
}

function readOperation(operation: RawOperation, shared: readonly Parameter[]): Operation {
	const answers = Object.entries(operation.responses).map(([status, {content}]) => {
		const reference = content?.['application/json']?.schema?.$ref;
		return [status, reference?.split('/').at(-1)] as const;
	});
	return {
		query: [...shared, ...(operation.parameters ?? [])].flatMap(parameter =>
			parameter.in === 'query' ? [parameter.name] : [],
		),
		scopes: {
			api: operation['x-atlassian-oauth2-scopes']?.[0]?.scopes ?? [],
			classic: operation.security?.find(entry => entry['oauth2'])?.['oauth2'] ?? [],
		},
		answers: new Map(answers),
	};
}
