import {Ajv, type ValidateFunction} from 'ajv';
import addFormats from 'ajv-formats';
import type {JsonSchema} from './openapi-description.ts';
import type {SchemaException} from './openapi-exceptions.ts';

export type Validator = {
	/** What is wrong with a value by the schema of this name; empty when nothing is. */
	readonly problems: (schema: string, value: unknown) => string[];
	/** The same for every object inside the value that says by its `type` which schema it is made by. */
	readonly problemsInside: (value: unknown) => string[];
};

/** Makes JSON Schema of OpenAPI 3.0 and of the exceptions. Throws for an exception that fits nothing. */
export function createValidator(
	schemas: Readonly<Record<string, JsonSchema>>,
	exceptions: readonly SchemaException[],
): Validator {
	const corrected = {...schemas};
	for (const {at, also} of exceptions) {
		const [name = '', ...path] = at.split('.');
		const changed = allow(corrected[name] ?? {}, path, also);
		if (!changed) {
			throw new Error(`The exception ${at} fits nothing in the description.`);
		}

		corrected[name] = changed;
	}

	const flat = new Map(Object.entries(corrected).map(([name, schema]) => [name, flatten(corrected, schema)]));
	const ajv = new Ajv({strict: false, allErrors: true});
	addFormats.default(ajv);
	for (const [name, schema] of flat) {
		ajv.addSchema(schema, address(name));
	}

	const compiled = new Map<string, ValidateFunction>();
	const problems = (name: string, value: unknown): string[] => {
		const validate = compiled.get(name) ?? ajv.getSchema(address(name));
		if (!validate) {
			return [`There is no schema ${name}.`];
		}

		compiled.set(name, validate);
		return validate(value)
			? []
			: (validate.errors ?? []).map(
					({instancePath, message, params}) => `${name}${instancePath}: ${message} ${JSON.stringify(params)}`,
				);
	};

	const problemsInside = (value: unknown): string[] => {
		if (Array.isArray(value)) {
			return value.flatMap(problemsInside);
		}

		if (typeof value !== 'object' || value === null) {
			return [];
		}

		const type = 'type' in value && typeof value.type === 'string' ? value.type : '';
		return [
			...(flat.has(type) ? problems(type, value) : []),
			...Object.values(value).flatMap(problemsInside),
		];
	};

	return {problems, problemsInside};
}

function address(name: string): string {
	return `https://description.example/${encodeURIComponent(name)}`;
}

type Properties = Readonly<Record<string, JsonSchema>>;

/**
 * One schema instead of an `allOf`: where a part forbids further properties, those of the other parts are meant to be known to it,
 * which JSON Schema does not do. References outside of `allOf` stay.
 */
function flatten(schemas: Readonly<Record<string, JsonSchema>>, schema: JsonSchema): JsonSchema {
	const {allOf, anyOf, discriminator: _discriminator, nullable, properties, items, $ref, ...rest} = schema;
	if (typeof $ref === 'string') {
		return {$ref: address($ref.split('/').at(-1) ?? '')};
	}

	const own: JsonSchema = {
		...rest,
		...(properties !== undefined && {
			properties: Object.fromEntries(
				Object.entries(properties as Properties).map(([name, child]) => [name, flatten(schemas, child)]),
			),
		}),
		...(Array.isArray(anyOf) && {anyOf: (anyOf as JsonSchema[]).map(part => flatten(schemas, part))}),
		...(items !== undefined && {items: flatten(schemas, items as JsonSchema)}),
		...(nullable === true && {type: [rest['type'], 'null']}),
	};
	return Array.isArray(allOf)
		? (allOf as JsonSchema[]).map(part => flatten(schemas, resolve(schemas, part))).reduce(merge, own)
		: own;
}

function resolve(schemas: Readonly<Record<string, JsonSchema>>, schema: JsonSchema): JsonSchema {
	const {$ref} = schema;
	return typeof $ref === 'string' ? (schemas[$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
}

function merge(one: JsonSchema, other: JsonSchema): JsonSchema {
	const isClosed = [one, other].some(part => part['additionalProperties'] === false);
	return {
		...one,
		...other,
		properties: {...(one['properties'] as object), ...(other['properties'] as object)},
		required: [...((one['required'] as string[]) ?? []), ...((other['required'] as string[]) ?? [])],
		additionalProperties: !isClosed,
	};
}

/** Undefined when there is no such property, nor an object that could have it. */
function allow(schema: JsonSchema, path: readonly string[], also: JsonSchema): JsonSchema | undefined {
	const [first, ...rest] = path;
	if (first === undefined) {
		return {anyOf: [schema, also]};
	}

	const {allOf} = schema;
	if (Array.isArray(allOf)) {
		const parts = allOf as JsonSchema[];
		const changed = parts.map(part => allow(part, path, also));
		return changed.some(part => part)
			? {...schema, allOf: parts.map((part, index) => changed[index] ?? part)}
			: undefined;
	}

	const properties = schema['properties'] as Properties | undefined;
	const known = properties?.[first];
	// Only where the description forbids further properties is a new one an exception.
	const isNew = properties && !known && rest.length === 0 && schema['additionalProperties'] === false;
	const child = known ? allow(known, rest, also) : isNew ? also : undefined;
	return child && {...schema, properties: {...properties, [first]: child}};
}
