import * as z from 'zod';

/*
The parts of Bitbucket's answers that the program decides upon. All else is kept as it came: every schema is loose, and
only what is needed is required.
*/

/** A page of a list. Only `values` and `next` are sure; `next` is opaque. */
export const PageSchema = z.looseObject({
	values: z.array(z.unknown()),
	next: z.string().optional(),
	/** Elements of the whole list, where Bitbucket counts them. */
	size: z.number().optional(),
});

export const UserSchema = z.looseObject({
	/** `{…}`, stable over renames; whom limits are counted for. */
	uuid: z.string().min(1),
	display_name: z.string().optional(),
	nickname: z.string().optional(),
});

export type User = z.infer<typeof UserSchema>;

export const RepositorySchema = z.looseObject({
	/** `{…}`, stable over renames and transfers: the repository's identity. */
	uuid: z.string().min(1),
	/** The last part of its address; a name that may change. */
	slug: z.string().min(1),
	name: z.string().optional(),
	full_name: z.string().optional(),
	/** Bytes, as Bitbucket counts them. */
	size: z.number().nullish(),
	updated_on: z.string().optional(),
	mainbranch: z.looseObject({name: z.string()}).nullish(),
	project: z.looseObject({key: z.string().optional(), name: z.string().optional()}).nullish(),
});

export type Repository = z.infer<typeof RepositorySchema> & {
	/** The exact bytes of its description, where these are at hand. */
	readonly raw?: Buffer;
};

export const AccessTokenSchema = z.looseObject({
	access_token: z.string().min(1),
	/** Seconds. */
	expires_in: z.number().positive().optional(),
});
