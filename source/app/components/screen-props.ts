import type {ReactNode} from 'react';
import type {Command} from '../input/commands.ts';
import type {Question} from '../shell.ts';

/** A question before a place is left at which something is under way. */
export type Leaving = Omit<Question, 'onConfirm'> & {
	/** Done before it is left. */
	readonly prepare: () => Promise<void>;
};

export type ScreenProps = {
	/** At the right of the breadcrumbs: `12 repositories`. */
	readonly status?: string;
	/** Crumbs after those of the place. */
	readonly trail?: readonly string[];
	/** Its own commands, in the order of the footer. */
	readonly commands: readonly Command[];
	/** A text field is in focus: letters are text. */
	readonly isTyping?: boolean;
	/** What lies over the place itself, such as a filter, details or a part of its form: Escape closes it first. */
	readonly inner?:
		| {
				readonly close: () => void;
				/** What that is called in the footer, where it is not `back`. */
				readonly closing?: string;
				readonly hasUnsavedChanges?: boolean;
		  }
		| undefined;
	/** Asked about before the place is left in any way. */
	readonly hasUnsavedChanges?: boolean;
	/** What is asked then, where something else would be lost than what was entered. */
	readonly leaving?: Leaving | undefined;
	readonly children: ReactNode;
};
