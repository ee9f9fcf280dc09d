import {Box} from 'ink';
import type {ReactNode} from 'react';
import type {OrganizationSummary} from '../../../actions/organizations.ts';
import {cut} from '../../cells.ts';
import {Line} from '../../components/line.tsx';
import {useShell} from '../../shell.ts';
import type {Loaded} from '../../use-loaded.ts';
import {Reading} from '../reading.tsx';

/** What stands where no organization is connected yet: the way to the first backup. */
export function FirstUse({loaded}: {readonly loaded: Loaded<readonly OrganizationSummary[]>}): ReactNode {
	const {size} = useShell();
	if (loaded.value === undefined) {
		return <Reading loaded={loaded} what="the organizations" empty="" />;
	}

	const lines = [
		'Welcome. Three steps lead to the first backup:',
		'',
		'1  o  connects a Bitbucket workspace with its primary credential',
		'2  e  on a repository: Additional credentials, Add new, for each account',
		'3  2  Plans: add one, switch the accounts on in its advanced settings;',
		'      there r runs it',
		'',
		'You need an API token with scopes: o says which, and where to make it.',
	];
	return (
		<Box flexDirection="column">
			{lines.map((line, index) => (
				<Line key={line === '' ? `gap ${index}` : line} tone={index === 0 ? 'title' : 'plain'}>
					{cut(line, size.columns - 3)}
				</Line>
			))}
		</Box>
	);
}
