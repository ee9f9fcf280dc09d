import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import type {
	SandboxCredential,
	SandboxOptions,
	SandboxStatistics,
} from '../../source/sandbox/start-sandbox.ts';

export type SandboxProcess = {
	readonly apiUrl: string;
	readonly gitUrl: string;
	readonly workspace: string;
	readonly credentials: readonly SandboxCredential[];
	/** Slugs of its repositories. */
	readonly slugs: readonly string[];
	readonly statistics: () => Promise<SandboxStatistics>;
	readonly close: () => Promise<void>;
};

/** Starts a sandbox in a process of its own. */
export async function startSandboxProcess(options: SandboxOptions): Promise<SandboxProcess> {
	const script = fileURLToPath(new URL('sandbox-process.ts', import.meta.url));
	const child = spawn(process.execPath, ['--import=tsx', script, JSON.stringify(options)], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
	const next = async <Value>(): Promise<Value> => {
		const {value, done} = await lines.next();
		if (done) {
			throw new Error('The sandbox ended before its time.');
		}

		return JSON.parse(value) as Value;
	};

	return {
		...(await next<Pick<SandboxProcess, 'apiUrl' | 'gitUrl' | 'workspace' | 'credentials' | 'slugs'>>()),
		statistics: async () => {
			child.stdin.write('\n');
			return next<SandboxStatistics>();
		},
		close: async () => {
			const closed = once(child, 'close');
			child.stdin.end();
			await closed;
		},
	};
}
