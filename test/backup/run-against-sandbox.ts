import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {createAccountPool} from '../../source/accounts/create-pool.ts';
import {createLedger} from '../../source/accounts/ledger.ts';
import {type RunOutcome, runPlan} from '../../source/backup/runner.ts';
import {OrganizationSchema} from '../../source/model/organization.ts';
import {PlanSchema} from '../../source/model/plan.ts';
import type {RunReport} from '../../source/runs/events.ts';
import type {Sandbox} from '../../source/sandbox/start-sandbox.ts';
import {createCatalog} from '../../source/store/catalog.ts';
import {openStateDatabase} from '../../source/store/state-database.ts';
import {type Clock, systemClock} from '../../source/system/clock.ts';
import {createRedactor} from '../../source/system/redactor.ts';

/** What a run needs to know; plain data, so that it can be handed to another process. */
export type SandboxRun = {
	/** Holds the state database and the destination. */
	readonly folder: string;
	readonly workspace: string;
	readonly apiUrl: string;
	readonly gitUrl: string;
	/** The primary one first. */
	readonly credentials: ReadonlyArray<{
		readonly label: string;
		readonly kind: string;
		readonly username?: string;
		readonly secret: string;
	}>;
	/** Fields of the plan besides its name and organization. */
	readonly plan?: Readonly<Record<string, unknown>>;
};

/** A run over the primary account of a sandbox alone. */
export function primaryRun(
	{workspace, apiUrl, gitUrl, credentials}: Pick<Sandbox, 'workspace' | 'apiUrl' | 'gitUrl' | 'credentials'>,
	folder: string,
	plan: SandboxRun['plan'] = {},
): SandboxRun {
	const primary = credentials.filter(({label}) => label === 'primary');
	return {folder, workspace, apiUrl, gitUrl, credentials: primary, plan};
}

export const destinationOf = (run: SandboxRun): string => join(run.folder, 'backups');

/** Runs a plan against a sandbox with everything real: pool, ledger, catalog, and the clock where no other is given. */
export async function runAgainstSandbox(
	run: SandboxRun,
	report: (report: RunReport) => void = () => undefined,
	clock: Clock = systemClock,
): Promise<RunOutcome> {
	mkdirSync(run.folder, {recursive: true});
	const database = openStateDatabase(join(run.folder, 'state.db'));
	const opened = run.credentials.map(({label, kind, username, secret}) => ({
		credential: {
			id: label,
			label,
			kind,
			addedAt: '2026-11-22T00:00:00.000Z',
			...(username === undefined ? {} : {username}),
		},
		secret,
	}));
	const organization = OrganizationSchema.parse({
		workspace: run.workspace,
		apiUrl: run.apiUrl,
		gitUrl: run.gitUrl,
		apiLimit: '100000/1h',
		primaryCredential: opened[0]?.credential,
		additionalCredentials: opened.slice(1).map(({credential}) => credential),
	});
	const all = [organization.primaryCredential, ...organization.additionalCredentials];
	const redactor = createRedactor();
	const pool = await createAccountPool({
		organization,
		credentials: all.map((credential, index) => ({credential, secret: opened[index]?.secret ?? ''})),
		ledger: createLedger(database, clock),
		clock,
		redactor,
		reservePercent: 0,
		requestsPerSecond: 1000,
		onChange: report,
	});
	try {
		return await runPlan({
			plan: PlanSchema.parse({name: 'nightly', organization: run.workspace, ...run.plan}),
			organization,
			destination: destinationOf(run),
			pool,
			report,
			clock,
			signal: new AbortController().signal,
			memory: createCatalog(database),
			run: '20261122T020000.000Z-nightly',
			redactor,
		});
	} finally {
		pool.close();
		database.close();
	}
}
