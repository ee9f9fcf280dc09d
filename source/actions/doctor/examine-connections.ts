import {userAgent} from '../../accounts/user-agent.ts';
import {createHttpClient} from '../../bitbucket/http-client.ts';
import {allCredentials, type Organization} from '../../model/organization.ts';
import {checkCredentials} from '../credentials.ts';
import type {Workplace} from '../workplace.ts';
import {examineClock, examineCredential} from './connection-examination.ts';
import type {Examination} from './examination.ts';

/** Asks Bitbucket about every credential of an organization; two requests each. */
export async function examineOrganization(
	workplace: Workplace,
	organization: Organization,
): Promise<readonly Examination[]> {
	const {workspace} = organization;
	const expiries = new Map(allCredentials(organization).map(({label, expiresAt}) => [label, expiresAt]));
	try {
		const checked = await checkCredentials(workplace, workspace);
		return checked.map(({label, check}) =>
			examineCredential(workspace, {label, check, expiresAt: expiries.get(label)}, workplace.clock.now()),
		);
	} catch (error) {
		return [{about: workspace, state: 'bad', text: (error as Error).message.replace(/\.$/, '')}];
	}
}

const maximumAnswerBytes = 1024 * 1024;

/** Compares the clock with that of the first organization that answers. Asks without a credential: whatever the answer is, it says the time. */
export async function examineClockOf(
	{clock}: Pick<Workplace, 'clock'>,
	organizations: readonly Organization[],
): Promise<readonly Examination[]> {
	const http = createHttpClient({userAgent});
	for (const {apiUrl, workspace} of organizations) {
		try {
			const url = `${apiUrl.replace(/\/$/, '')}/workspaces/${encodeURIComponent(workspace)}`;
			const {headers} = await http.attempt(url, {maximumBytes: maximumAnswerBytes});
			return [examineClock(Date.parse(String(headers['date'])), clock.now())];
		} catch {
			// The next one may answer; what is wrong with this one its credentials say.
		}
	}

	return organizations.length === 0 ? [] : [examineClock(undefined, clock.now())];
}
