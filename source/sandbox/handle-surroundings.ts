import type {ContentsStore} from './contents-store.ts';
import type {GitProcess} from './git-process.ts';
import type {World} from './world.ts';

/** What changes of a running sandbox's repository work with. */
export type HandleSurroundings = {
	readonly world: World;
	readonly store: ContentsStore;
	readonly git: GitProcess;
	readonly now: () => number;
	/** For comments and tasks; never the same one twice. */
	readonly newId: () => number;
};
