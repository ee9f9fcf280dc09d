export type BatchRequest = {
	readonly operation: 'download' | 'upload';
	readonly objects: ReadonlyArray<{readonly oid: string; readonly size: number}>;
};

/** Undefined when the text is no request that the Batch API knows. */
export function parseBatchRequest(text: string): BatchRequest | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}

	if (!isRecord(value) || !Array.isArray(value['objects'])) {
		return undefined;
	}

	const {operation, objects, transfers = ['basic'], hash_algo: algorithm = 'sha256'} = value;
	const known = operation === 'download' || operation === 'upload';
	const basic = Array.isArray(transfers) && (transfers.length === 0 || transfers.includes('basic'));
	return known && basic && algorithm === 'sha256' && objects.every(isObject)
		? {operation, objects}
		: undefined;
}

function isObject(value: unknown): value is {oid: string; size: number} {
	return (
		isRecord(value) &&
		typeof value['oid'] === 'string' &&
		Number.isInteger(value['size']) &&
		Number(value['size']) >= 0
	);
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}
