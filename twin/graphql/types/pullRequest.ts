import type * as github from "@octokit/graphql-schema";
import type { Pull } from "../../model.ts";
import { needs, triageOf } from "../../needs.ts";
import { nodeId } from "../../nodeIds.ts";
import { isoOrNull } from "../../payloads/common.ts";
import { issueUrl } from "../../payloads/issue.ts";
import { issueOfPull, repositoryOf } from "../../store.ts";
import { may } from "../../viewer.ts";
import { actorById } from "../accounts.ts";
import type { Ask, Fields } from "../ask.ts";
import { conversationFields } from "../conversation.ts";
import { pullState } from "../issues.ts";
import { pathOf } from "../places.ts";
import { pullTimeline, timelineConnection } from "../timeline.ts";
import { writingFields } from "../writing.ts";
import { pullGitFields } from "./pullRequestGit.ts";
import { pullReviewFields } from "./pullRequestReviews.ts";

/** In the schema, but not yet in its types. */
type Newer = { viewerCanLabel: unknown };

export const PullRequest: Fields<github.PullRequest & Newer, Pull> = {
  ...writingFields<Pull>({
    writing: (pull, { state }) => issueOfPull(state, pull),
    url: (pull, ask) => pageOf(pull, ask),
  }),
  ...conversationFields<Pull>((pull, { state }) => issueOfPull(state, pull)),
  ...pullGitFields,
  ...pullReviewFields,
  id: (pull) => nodeId("PullRequest", pull.id),
  databaseId: (pull) => pull.id,
  fullDatabaseId: (pull) => String(pull.id),
  state: (pull, _args, { state }) => pullState(state, pull),
  isDraft: (pull) => pull.draft,
  merged: (pull) => pull.merged !== null,
  mergedAt: (pull) => isoOrNull(pull.merged?.at ?? null),
  mergedBy: (pull, _args, { state }) => (pull.merged ? actorById(state, pull.merged.byId) : null),
  maintainerCanModify: (pull) => pull.maintainerCanModify,
  permalink: (pull, _args, ask) => pageOf(pull, ask),
  checksUrl: (pull, _args, ask) => `${pageOf(pull, ask)}/checks`,
  checksResourcePath: (pull, _args, ask) => pathOf(`${pageOf(pull, ask)}/checks`),
  autoMergeRequest: () => null,
  mergeQueue: () => null,
  mergeQueueEntry: () => null,
  isInMergeQueue: () => false,
  isMergeQueueEnabled: () => false,
  viewerCanEnableAutoMerge: () => false,
  viewerCanDisableAutoMerge: () => false,
  viewerCanLabel: (pull, _args, { state, viewer }) =>
    may(viewer, repositoryOf(state, pull), triageOf(issueOfPull(state, pull))),
  viewerCanUpdateBranch: (pull, _args, { state, viewer }) =>
    may(viewer, repositoryOf(state, pull), needs.updateBranch),
  viewerCanDeleteHeadRef: (pull, _args, { state, viewer }) =>
    !pull.headDeleted && may(viewer, repositoryOf(state, pull), needs.writeContents),
  timelineItems: async (pull, args: github.PullRequestTimelineItemsArgs, ask) => {
    const issue = issueOfPull(ask.state, pull);
    return timelineConnection(issue, await pullTimeline(pull, issue, ask), args, ask);
  },
};

function pageOf(pull: Pull, { world, state }: Ask): string {
  return issueUrl(world, issueOfPull(state, pull));
}
