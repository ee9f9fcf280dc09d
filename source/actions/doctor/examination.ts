/** What one look at the machine or at a connection found. */
export type Examination = {
	/** What was looked at: `git`, `vault`, `disk`. */
	readonly about: string;
	/** `good`; `attention`: it works, but a person should know; `bad`: backups fail, or will. */
	readonly state: 'good' | 'attention' | 'bad';
	/** A sentence without its full stop; says what to do where something is not good. */
	readonly text: string;
};
