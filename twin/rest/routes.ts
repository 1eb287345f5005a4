import type { Route } from "../http.ts";
import { accountRoutes } from "./accounts.ts";
import { appRoutes } from "./apps.ts";
import { checkRoutes } from "./checks.ts";
import { commentRoutes } from "./comments.ts";
import { commitRoute, contentRoutes } from "./contents.ts";
import { gitRoutes } from "./git.ts";
import { issueRoutes } from "./issues.ts";
import { labelRoutes } from "./labels.ts";
import { pullRoutes, pullsOfCommitRoute } from "./pulls.ts";
import { reactionRoutes } from "./reactions.ts";
import { reviewCommentRoutes } from "./reviewComments.ts";
import { reviewRoutes } from "./reviews.ts";
import { statusRoutes } from "./statuses.ts";

/** Everything below `/api/v3`. The first that matches answers. */
export const restRoutes: readonly Route[] = [
  ...appRoutes,
  ...accountRoutes,
  ...commentRoutes,
  ...reactionRoutes,
  ...labelRoutes,
  ...issueRoutes,
  ...reviewCommentRoutes,
  ...reviewRoutes,
  ...pullRoutes,
  ...checkRoutes,
  ...statusRoutes,
  ...gitRoutes,
  pullsOfCommitRoute,
  ...contentRoutes,
  commitRoute,
];
