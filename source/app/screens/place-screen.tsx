import type {ReactNode} from 'react';
import {useShell} from '../shell.ts';
import {AddOrganizationScreen} from './add-organization/add-organization-screen.tsx';
import {CredentialScreen} from './credential/credential-screen.tsx';
import {CredentialsScreen} from './credentials/credentials-screen.tsx';
import {DevopsScreen} from './devops/devops-screen.tsx';
import {PlanScreen} from './plan/plan-screen.tsx';
import {PlansScreen} from './plans/plans-screen.tsx';
import {RepositoryScreen} from './repository/repository-screen.tsx';
import {RunScreen} from './run/run-screen.tsx';
import {RunsScreen} from './runs/runs-screen.tsx';
import {SettingsScreen} from './settings/settings-screen.tsx';

/** The screen of the place where one is. */
export function PlaceScreen(): ReactNode {
	const {place} = useShell().visit;
	switch (place.screen) {
		case 'devops':
			return <DevopsScreen />;
		case 'add-organization':
			return <AddOrganizationScreen />;
		case 'repository':
			return <RepositoryScreen key={`${place.workspace}/${place.repository}`} {...place} />;
		case 'credentials':
			return <CredentialsScreen key={place.workspace} {...place} />;
		case 'credential':
			return <CredentialScreen key={`${place.workspace}/${place.label ?? ''}`} {...place} />;
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
	}
}
