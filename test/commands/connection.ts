import type {SandboxCredential} from '../../source/sandbox/start-sandbox.ts';
import type {Ended, TestHome} from './program-process.ts';

type Box = {
	readonly apiUrl: string;
	readonly gitUrl: string;
	readonly workspace: string;
	readonly credentials: readonly SandboxCredential[];
};

/** Adds credentials of a sandbox through the program, as a person would. */
export function connector(home: TestHome, box: Box) {
	const credential = (label: string): SandboxCredential => {
		const found = box.credentials.find(one => one.label === label);
		if (found === undefined) {
			throw new Error(`The sandbox has no credential ${label}.`);
		}

		return found;
	};

	const signIn = async (label: string): Promise<string[]> => {
		const {kind, username, secret} = credential(label);
		return [
			...['--kind', kind],
			...(username === undefined ? [] : ['--username', username]),
			...['--secret-file', await home.secretFile(`secret-of-${label}`, secret)],
		];
	};

	return {
		credential,
		signIn,
		addresses: ['--api-url', box.apiUrl, '--git-url', box.gitUrl],
		addOrganization: async (more: readonly string[] = [], label = 'primary'): Promise<Ended> =>
			home.run([
				'organization',
				'add',
				box.workspace,
				...(await signIn(label)),
				...['--api-url', box.apiUrl, '--git-url', box.gitUrl],
				...more,
			]),
		addCredential: async (label: string, more: readonly string[] = []): Promise<Ended> =>
			home.run(['credential', 'add', box.workspace, '--label', label, ...(await signIn(label)), ...more]),
	};
}
