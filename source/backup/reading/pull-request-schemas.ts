import * as z from 'zod';

/*
What is shown of a pull request, as Bitbucket describes it. A backup may be old, cut or of a later Bitbucket: whatever is not
what it should be counts as not there, and nothing is refused for it.
*/

const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);

const part = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject(shape).optional().catch(undefined);

/** A list, without what is no element of it. */
const list = <Element extends z.ZodType>(element: Element) =>
	z
		.array(z.unknown())
		.catch([])
		.transform(values =>
			values.flatMap(value => {
				const parsed = element.safeParse(value);
				return parsed.success ? [parsed.data as z.infer<Element>] : [];
			}),
		);

const UserSchema = part({display_name: text, nickname: text});
export type SavedUser = z.infer<typeof UserSchema>;

const ContentSchema = part({raw: text});
const EndSchema = part({
	branch: part({name: text}),
	commit: part({hash: text}),
	repository: part({full_name: text}),
});
export type SavedEnd = z.infer<typeof EndSchema>;

const ParticipantSchema = z.looseObject({
	user: UserSchema,
	role: text,
	approved: flag,
	state: text,
	participated_on: text,
});
export type SavedParticipant = z.infer<typeof ParticipantSchema>;

export const PullRequestSchema = z.looseObject({
	title: text,
	description: text,
	state: text,
	draft: flag,
	reason: text,
	author: UserSchema,
	closed_by: UserSchema,
	created_on: text,
	updated_on: text,
	source: EndSchema,
	destination: EndSchema,
	merge_commit: part({hash: text}),
	reviewers: list(z.looseObject({display_name: text, nickname: text})),
	participants: list(ParticipantSchema),
	links: part({html: part({href: text})}),
});
export type SavedPullRequest = z.infer<typeof PullRequestSchema>;

const CommentSchema = z.looseObject({
	id: z.number(),
	created_on: text,
	updated_on: text,
	content: ContentSchema,
	user: UserSchema,
	deleted: flag,
	pending: flag,
	parent: part({id: number}),
	inline: part({
		path: text,
		from: number,
		to: number,
		start_from: number,
		start_to: number,
		outdated: flag,
	}),
	resolution: part({user: UserSchema, created_on: text}),
});
export type SavedComment = z.infer<typeof CommentSchema>;
export const CommentsSchema = list(CommentSchema);

const TaskSchema = z.looseObject({
	state: text,
	content: ContentSchema,
	creator: UserSchema,
	created_on: text,
	resolved_on: text,
	resolved_by: UserSchema,
	comment: part({id: number}),
});
export type SavedTask = z.infer<typeof TaskSchema>;
export const TasksSchema = list(TaskSchema);

const HappeningSchema = part({date: text, user: UserSchema});
const ActivitySchema = z.looseObject({
	update: part({
		date: text,
		state: text,
		title: text,
		reason: text,
		author: UserSchema,
		source: EndSchema,
		/** By name of what was changed: `title`, `reviewers`. */
		changes: z.record(z.string(), z.unknown()).catch({}).default({}),
	}),
	comment: CommentSchema.optional().catch(undefined),
	approval: HappeningSchema,
	changes_requested: HappeningSchema,
});
export type SavedActivity = z.infer<typeof ActivitySchema>;
export const ActivitiesSchema = list(ActivitySchema);

const StatusSchema = z.looseObject({
	name: text,
	key: text,
	state: text,
	url: text,
	description: text,
	updated_on: text,
});
export type SavedStatus = z.infer<typeof StatusSchema>;
export const StatusesSchema = list(StatusSchema);

const CommitSchema = z.looseObject({
	hash: text,
	message: text,
	date: text,
	author: part({raw: text, user: UserSchema}),
});
export type SavedCommit = z.infer<typeof CommitSchema>;
export const CommitsSchema = list(CommitSchema);
