import type * as github from "@octokit/graphql-schema";
import { homeOf } from "./ask.ts";
import type { Fields } from "./ask.ts";
import { ownsOrMaintains } from "../viewer.ts";
import type { Writing } from "../model.ts";

/** What comments and reviews have in common: GitHub's `Minimizable` and `Deletable`. Those without a reason are never hidden. */
export function minimizableFields<Source extends Writing & { minimizedReason?: string | null }>() {
  return {
    isMinimized: (source) => source.minimizedReason != null,
    minimizedReason: (source) => source.minimizedReason ?? null,
    viewerCanMinimize: (source, _args, { state, viewer }) =>
      ownsOrMaintains(viewer, homeOf(state, source)!, source.authorId),
    viewerCanDelete: (source, _args, { state, viewer }) =>
      ownsOrMaintains(viewer, homeOf(state, source)!, source.authorId),
  } satisfies Fields<github.IssueComment, Source>;
}
