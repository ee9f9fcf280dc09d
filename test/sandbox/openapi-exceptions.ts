import type {JsonSchema} from './openapi-description.ts';

export type SchemaException = {
	/** Schema and property, `a.b` for a property of a property. */
	readonly at: string;
	/** What is allowed besides what the description says. */
	readonly also: JsonSchema;
	readonly reason: string;
};

const nothing: JsonSchema = {type: 'null'};
const noNull = 'The description knows no null at all, its own examples and texts do.';

/** Where the description is wrong about what Bitbucket answers. */
export const schemaExceptions: readonly SchemaException[] = [
	{at: 'deploy_key.last_used', also: nothing, reason: `${noNull} Its example of deploy keys has null here.`},
	{
		at: 'project_deploy_key.last_used',
		also: nothing,
		reason: `${noNull} As with a repository's deploy keys.`,
	},
	{at: 'participant.participated_on', also: nothing, reason: `${noNull} Its text says "or null" here.`},
	{at: 'participant.state', also: nothing, reason: 'Its list of values holds null, its type forbids it.'},
	{at: 'comment.inline.from', also: nothing, reason: `${noNull} Its example of activity has null here.`},
	{at: 'comment.inline.to', also: nothing, reason: `${noNull} Its example of activity has null here.`},
	{
		at: 'comment.inline.outdated',
		also: {type: 'boolean'},
		reason: 'It forbids further properties of `inline`, but its example of activity has this one.',
	},
	{at: 'pullrequest.merge_commit', also: nothing, reason: `${noNull} Before a merge there is no commit.`},
	{at: 'pullrequest.closed_by', also: nothing, reason: `${noNull} Nobody has closed an open pull request.`},
	{at: 'pullrequest_endpoint.repository', also: nothing, reason: `${noNull} The fork may be deleted.`},
	{at: 'task.resolved_on', also: nothing, reason: `${noNull} Open tasks are not resolved.`},
	{at: 'task.resolved_by', also: nothing, reason: `${noNull} Open tasks are not resolved.`},
	{at: 'tag.message', also: nothing, reason: `${noNull} A lightweight tag has no message.`},
	{at: 'tag.date', also: nothing, reason: `${noNull} A lightweight tag has no date.`},
	{at: 'tag.tagger', also: nothing, reason: `${noNull} A lightweight tag has no tagger.`},
	{at: 'repository.mainbranch', also: nothing, reason: `${noNull} An empty repository has no branch.`},
	{at: 'repository.parent', also: nothing, reason: `${noNull} Most repositories are no forks.`},
	{at: 'branchrestriction.value', also: nothing, reason: `${noNull} Only some kinds have a value.`},
	{
		at: 'branching_model_settings.development.name',
		also: nothing,
		reason: `${noNull} Its text: null for the main branch.`,
	},
	{
		at: 'branching_model_settings.production.name',
		also: nothing,
		reason: `${noNull} Production may be switched off.`,
	},
	{at: 'commitstatus.refname', also: nothing, reason: `${noNull} A status need not name a branch.`},
	{at: 'user.has_2fa_enabled', also: nothing, reason: `${noNull} Others are not told.`},
	{at: 'diffstat.old', also: nothing, reason: `${noNull} A new file has no old side.`},
	{at: 'diffstat.new', also: nothing, reason: `${noNull} A removed file has no new side.`},
	{
		at: 'commit_file.attributes',
		also: {type: 'array', items: {type: 'string'}},
		reason: 'Its text on file objects says that this is a list.',
	},
	{at: 'snippet.id', also: {type: 'string'}, reason: 'Its own example has letters, those of the address.'},
	{
		at: 'error.error.detail',
		also: {type: 'object'},
		reason: 'Missing scopes are told as {required, granted}.',
	},
];

/** Query parameters that the general introduction describes, for every list or every answer. */
export const generalParameters = ['page', 'pagelen', 'fields'] as const;

/** Operations whose text says that they can be filtered and sorted, though they do not list `q` and `sort`. */
export const queryableByText = [
	'/repositories/{}/{}/pullrequests',
	'/repositories/{}/{}/pullrequests/{}/comments',
] as const;
