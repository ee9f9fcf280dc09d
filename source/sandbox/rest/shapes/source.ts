import type {SandboxServices} from '../../service-types.ts';
import type {Repository} from '../../world.ts';

/** What JSON is made from: the data, and the addresses that links begin with. */
export type ShapeSource = Pick<SandboxServices, 'world' | 'apiUrl' | 'gitUrl' | 'countOpenTasks'>;

export type Link = {readonly href: string};

export function linkTo(href: string): Link {
	return {href};
}

/** Address of the workspace's part of the API. */
export function workspaceApi({world, apiUrl}: ShapeSource): string {
	return `${apiUrl}/workspaces/${world.workspace.slug}`;
}

/** Address of a repository in the API. */
export function repositoryApi({world, apiUrl}: ShapeSource, {slug}: Repository): string {
	return `${apiUrl}/repositories/${world.workspace.slug}/${slug}`;
}

/** Address of a repository's page, which is where it is cloned from too. */
export function repositoryPage({world, gitUrl}: ShapeSource, {slug}: Repository): string {
	return `${gitUrl}/${world.workspace.slug}/${slug}`;
}

export function repositoryBy({world}: ShapeSource, uuid: string): Repository | undefined {
	return world.repositories.find(repository => repository.uuid === uuid);
}

/** Most of Bitbucket gives times with microseconds and an offset: `2026-03-01T10:20:30.123000+00:00`. */
export function moment(time: string): string {
	return new Date(time).toISOString().replace('Z', '000+00:00');
}

/** Times of commits come in seconds: `2026-03-01T10:20:30+00:00`. */
export function commitMoment(time: string): string {
	return new Date(time).toISOString().replace(/\.\d{3}Z$/, '+00:00');
}

/** Bitbucket's object for text in Markdown; the HTML is no more than escaped text. */
export function rendered(raw: string) {
	const escaped = raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
	return {raw, markup: 'markdown', html: raw === '' ? '' : `<p>${escaped}</p>`};
}

/** Inside other objects Bitbucket shortens commit hashes to 12 digits. */
export function shortHash(hash: string): string {
	return hash.slice(0, 12);
}
