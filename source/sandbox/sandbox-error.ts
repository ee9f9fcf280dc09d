/** The sandbox cannot start as asked. The message is one sentence for a person: what is wrong and what to do. */
export class SandboxError extends Error {
	override readonly name = 'SandboxError';
}
