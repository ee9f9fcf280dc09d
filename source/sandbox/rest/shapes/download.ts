import type {Download, Repository} from '../../world.ts';
import {accountJson} from './people.ts';
import {linkTo, moment, repositoryApi, type ShapeSource} from './source.ts';

export function downloadJson(source: ShapeSource, repository: Repository, download: Download) {
	const {name, size, downloads, createdOn, user} = download;
	return {
		type: 'download',
		name,
		size,
		downloads,
		created_on: moment(createdOn),
		user: accountJson(source, user),
		links: {self: linkTo(`${repositoryApi(source, repository)}/downloads/${encodeURIComponent(name)}`)},
	};
}
