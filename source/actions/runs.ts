export {cancelRun} from './cancel-run.ts';
export {type DetachedRun, removeEmptyLog, startDetachedRun} from './detached-run.ts';
export {findRun, followRun, listRuns} from './find-run.ts';
export {pauseRun, resumeRun} from './pause-run.ts';
export {
	type FinishedRun,
	type RunExitCode,
	type StartedRun,
	type StartRunOptions,
	startRun,
} from './start-run.ts';
