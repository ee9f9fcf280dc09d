import * as z from 'zod';

/** What came of a repository in a run. */
export const RepositoryStatusSchema = z.enum(['backed-up', 'unchanged', 'partial', 'failed']);

export type RepositoryStatus = z.infer<typeof RepositoryStatusSchema>;
