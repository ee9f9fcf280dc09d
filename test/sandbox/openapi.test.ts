import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import type {Sandbox} from '../../source/sandbox/compose-sandbox.ts';
import type {Route} from '../../source/sandbox/rest/route.ts';
import {routes} from '../../source/sandbox/rest/routes.ts';
import {startSandbox} from '../../source/sandbox/start-sandbox.ts';
import {type Operation, readDescription, withoutNames} from './openapi-description.ts';
import {generalParameters, queryableByText, schemaExceptions} from './openapi-exceptions.ts';
import {createValidator} from './openapi-schemas.ts';
import {restClient} from './rest-client.ts';
import {examplesOf} from './route-examples.ts';

const file = process.env['BITBUCKET_OPENAPI'];
const skip =
	file === undefined &&
	'BITBUCKET_OPENAPI does not name a file with the OpenAPI description of Bitbucket Cloud REST 2.0';

describe('answers agree with the description of REST 2.0', {skip}, () => {
	const description = readDescription(file ?? '');
	const validator = createValidator(description.schemas, schemaExceptions);
	const living = routes.filter(({removed}) => !removed);
	let sandbox: Sandbox;

	before(async () => {
		const plenty = {requests: 1_000_000, windowMilliseconds: 3_600_000};
		sandbox = await startSandbox({limits: {api: plenty, raw: plenty, webhooks: plenty}});
		// No read-only backup has this one, but what it opens is described too.
		sandbox.control.grantScope('primary', 'admin:project:bitbucket');
	});
	after(async () => sandbox.close());

	for (const route of living) {
		test(`GET ${route.path}`, async () => checkRoute(route));
	}

	async function checkRoute(route: Route): Promise<void> {
		const operation: Operation | undefined = description.operations.get(withoutNames(route.path));
		assert.ok(operation, 'The description has no such path.');
		assert.deepEqual(route.scopes, operation.scopes, 'The description asks for other scopes.');

		const addresses = await examplesOf(sandbox, route);
		assert.notEqual(addresses.length, 0, 'The world has no example of this.');
		const client = restClient(sandbox, 'primary');
		for (const address of addresses) {
			const answer = await client.get(address, {accept: 'application/json, */*;q=0.5'});
			assert.ok(
				operation.answers.has(String(answer.status)),
				`${address} answered ${answer.status}, which is not described: ${answer.text.slice(0, 300)}`,
			);
			assert.ok(answer.status < 400, `${address} answered ${answer.status}: ${answer.text.slice(0, 300)}`);
			const schema: string | undefined = operation.answers.get(String(answer.status));
			const isJson = answer.headers.get('content-type') === 'application/json';
			assert.ok(isJson || schema === undefined, `${address} should have answered JSON.`);
			if (isJson) {
				const value = answer.json();
				const problems: string[] = [
					...(schema === undefined ? [] : validator.problems(schema, value)),
					...validator.problemsInside(value),
				];
				assert.deepEqual(problems, [], address);
			}
		}
	}

	test('pages, selections and searches use parameters that are described', async () => {
		const client = restClient(sandbox, 'primary');
		const requests = [
			'/repositories/acme?role=member&q=name~"a"&sort=-updated_on&pagelen=2&page=2',
			'/repositories/acme/web-frontend/refs/branches?sort=name&q=name~"main"',
			'/repositories/acme/web-frontend/pullrequests?state=OPEN&state=MERGED&pagelen=1&fields=%2Bvalues.participants,%2Bvalues.reviewers',
			'/repositories/acme/web-frontend/pullrequests?q=updated_on>"2020-01-01"&sort=updated_on',
			'/repositories/acme/web-frontend/branch-restrictions?kind=push',
			'/repositories/acme/web-frontend/pipelines?sort=-created_on&pagelen=2',
			'/user/workspaces?administrator=true',
		];
		for (const request of requests) {
			const {pathname, searchParams} = new URL(request, 'http://localhost');
			const operation = operationFor(pathname);
			for (const name of searchParams.keys()) {
				const isGeneral =
					generalParameters.some(known => known === name) ||
					(['q', 'sort'].includes(name) && queryableByText.some(known => known === operation.path));
				assert.ok(
					isGeneral || operation.query.includes(name),
					`${operation.path} does not describe ${name}.`,
				);
			}

			const answer = await client.get(request);
			assert.equal(answer.status, 200, answer.text);
			const schema = operation.answers.get('200') ?? '';
			assert.deepEqual(validator.problems(schema, answer.json()), [], request);
		}
	});

	test('no list understands a query whose operation does not say so', async () => {
		const client = restClient(sandbox, 'primary');
		const understanding: string[] = [];
		for (const route of living) {
			const [address = ''] = await examplesOf(sandbox, route);
			const {status} = await client.get(`${address}?q=((`, {accept: '*/*'});
			const operation = description.operations.get(withoutNames(route.path));
			const isDescribed =
				operation?.query.includes('q') || queryableByText.some(known => known === withoutNames(route.path));
			assert.ok(status !== 400 || isDescribed, `${route.path} understands queries.`);
			understanding.push(...(status === 400 ? [route.path] : []));
		}

		assert.ok(understanding.includes('/repositories/{workspace}'));
		assert.ok(understanding.includes('/repositories/{workspace}/{repo_slug}/pullrequests'));
	});

	test('errors have the envelope that is described', async () => {
		const primary = restClient(sandbox, 'primary');
		const cases = [
			{status: 400, answer: primary.get('/repositories/acme?pagelen=101')},
			{status: 401, answer: restClient(sandbox, 'revoked').get('/user')},
			{status: 401, answer: restClient(sandbox).get('/user')},
			{
				status: 403,
				answer: restClient(sandbox, 'limited').get('/repositories/acme/web-frontend/pullrequests'),
			},
			{status: 403, answer: restClient(sandbox, 'ci-token').get('/user')},
			{status: 404, answer: primary.get('/repositories/acme/not-there')},
			{status: 404, answer: primary.get('/workspaces/not-there')},
			{status: 404, answer: primary.get('/not-there')},
			{status: 410, answer: primary.get('/repositories')},
			{status: 410, answer: primary.get('/repositories/acme/web-frontend/issues')},
		];
		for (const {status, answer} of cases) {
			const {status: actual, text, json} = await answer;
			assert.equal(actual, status, text);
			assert.deepEqual(validator.problems('error', json()), []);
		}
	});

	/** The operation of a real path, found by the route that answers it. */
	function operationFor(pathname: string) {
		const route = living.find(({path}) =>
			new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
		);
		const path = withoutNames(route?.path ?? pathname);
		const operation = description.operations.get(path);
		assert.ok(operation, `${path} is not described.`);
		return {...operation, path};
	}
});
