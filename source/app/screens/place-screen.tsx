import type {ReactNode} from 'react';
import {useShell} from '../shell.ts';
import {AddOrganizationScreen} from './add-organization/add-organization-screen.tsx';
import {CredentialScreen} from './credential/credential-screen.tsx';
import {CredentialsScreen} from './credentials/credentials-screen.tsx';
import {DevopsScreen} from './devops/devops-screen.tsx';
import {FileScreen} from './files/file-screen.tsx';
import {FilesScreen} from './files/files-screen.tsx';
import {FirstStepsScreen} from './first-steps/first-steps-screen.tsx';
import {ForgetScreen} from './forget/forget-screen.tsx';
import {NotificationsScreen} from './notifications/notifications-screen.tsx';
import {PassphraseScreen} from './passphrase/passphrase-screen.tsx';
import {PlanScreen} from './plan/plan-screen.tsx';
import {PlansScreen} from './plans/plans-screen.tsx';
import {PullRequestScreen} from './pull-requests/pull-request-screen.tsx';
import {PullRequestsScreen} from './pull-requests/pull-requests-screen.tsx';
import {RepositoryScreen} from './repository/repository-screen.tsx';
import {RestoreScreen} from './restore/restore-screen.tsx';
import {RunScreen} from './run/run-screen.tsx';
import {RunsScreen} from './runs/runs-screen.tsx';
import {SettingsScreen} from './settings/settings-screen.tsx';
import {ComparisonScreen} from './snapshot/comparison-screen.tsx';
import {SnapshotScreen} from './snapshot/snapshot-screen.tsx';
import {SnapshotsScreen} from './snapshots/snapshots-screen.tsx';
import {VerificationScreen} from './verification/verification-screen.tsx';
import {WorkspaceBackupsScreen} from './workspace-backups/workspace-backups-screen.tsx';

/** The screen of the place where one is. */
export function PlaceScreen(): ReactNode {
	const {place} = useShell().visit;
	switch (place.screen) {
		case 'devops':
			return <DevopsScreen />;
		case 'passphrase':
			return <PassphraseScreen />;
		case 'add-organization':
			return <AddOrganizationScreen />;
		case 'first-steps':
			return <FirstStepsScreen />;
		case 'repository':
			return <RepositoryScreen key={`${place.workspace}/${place.repository}`} {...place} />;
		case 'credentials':
			return <CredentialsScreen key={place.workspace} {...place} />;
		case 'credential':
			return <CredentialScreen key={`${place.workspace}/${place.label ?? ''}`} {...place} />;
		case 'snapshots':
			return <SnapshotsScreen key={`${place.workspace}/${place.repository}`} {...place} />;
		case 'snapshot':
			return <SnapshotScreen key={place.snapshot} {...place} />;
		case 'comparison':
			return <ComparisonScreen key={`${place.before} ${place.after}`} {...place} />;
		case 'pull-requests':
			return <PullRequestsScreen key={place.snapshot} {...place} />;
		case 'pull-request':
			return <PullRequestScreen key={place.number} {...place} />;
		case 'workspace-backups':
			return <WorkspaceBackupsScreen key={place.workspace} {...place} />;
		case 'files':
			return <FilesScreen key={place.snapshot} {...place} />;
		case 'file':
			return <FileScreen key={place.path} {...place} />;
		case 'restore':
			return <RestoreScreen key={place.snapshot} {...place} />;
		case 'verification':
			return <VerificationScreen key={place.backup.folder} {...place} />;
		case 'forget':
			return <ForgetScreen key={place.backup.folder} {...place} />;
		case 'plans':
			return <PlansScreen />;
		case 'plan':
			return <PlanScreen key={place.name ?? ''} {...(place.name === undefined ? {} : {name: place.name})} />;
		case 'runs':
			return <RunsScreen />;
		case 'run':
			return <RunScreen key={place.run} run={place.run} />;
		case 'settings':
			return <SettingsScreen />;
		case 'notifications':
			return <NotificationsScreen />;
	}
}
