/** What a repository shall become. From it alone, and the seed, its Git data and all that hangs on it are made when first needed. */
export type Blueprint = {
	/** Position in the world, from 0; makes comment and task ids unique. */
	readonly ordinal: number;
	/** The slug that it was born with: names the random streams, whatever it is called later. */
	readonly slug: string;
	readonly language: string;
	/** The main branch's name. */
	readonly trunk: string;
	/** About how many commits the trunk's history gets; 0 makes an empty repository. */
	readonly commits: number;
	readonly pullRequests: number;
	readonly lfs: boolean;
	readonly notes: boolean;
	/** Of the repository that it was forked from. */
	readonly parent?: Blueprint;
	/** First and last moment of its history, epoch milliseconds. */
	readonly start: number;
	readonly end: number;
};
