import type {Route} from './route.ts';
import {changeRoutes} from './routes/changes.ts';
import {commitRoutes} from './routes/commits.ts';
import {discussionRoutes} from './routes/discussion.ts';
import {fileRoutes} from './routes/files.ts';
import {pipelineSettingRoutes} from './routes/pipeline-settings.ts';
import {pipelineRoutes} from './routes/pipelines.ts';
import {projectRoutes} from './routes/projects.ts';
import {pullRequestRoutes} from './routes/pull-requests.ts';
import {refRoutes} from './routes/refs.ts';
import {removedRoutes} from './routes/removed.ts';
import {repositoryRoutes} from './routes/repositories.ts';
import {settingRoutes} from './routes/settings.ts';
import {snippetRoutes} from './routes/snippets.ts';
import {userRoutes} from './routes/user.ts';
import {workspaceRoutes} from './routes/workspace.ts';

/** Everything that the sandbox's API answers. The first that fits counts. */
export const routes: readonly Route[] = [
	...removedRoutes,
	...userRoutes,
	...workspaceRoutes,
	...projectRoutes,
	...repositoryRoutes,
	...refRoutes,
	...commitRoutes,
	...changeRoutes,
	...pullRequestRoutes,
	...discussionRoutes,
	...settingRoutes,
	...pipelineRoutes,
	...pipelineSettingRoutes,
	...fileRoutes,
	...snippetRoutes,
];
