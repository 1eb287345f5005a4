import type * as github from "@octokit/graphql-schema";
import { issuesClosedBy } from "../../acts/closing.ts";
import type { Issue as Source, Pull } from "../../model.ts";
import { triageOf } from "../../needs.ts";
import { nodeId } from "../../nodeIds.ts";
import { issueUrl } from "../../payloads/issue.ts";
import { issueOfPull, repositoryOf } from "../../store.ts";
import { childrenOf } from "../../table.ts";
import { may } from "../../viewer.ts";
import type { Ask, Fields } from "../ask.ts";
import { conversationFields } from "../conversation.ts";
import { pullConnection } from "../issues.ts";
import { issueTimeline, timelineConnection } from "../timeline.ts";
import { writingFields } from "../writing.ts";

/** In the schema, but not yet in its types. */
type Newer = { parent: unknown; subIssuesSummary: unknown; viewerCanLabel: unknown };

export const Issue: Fields<github.Issue & Newer, Source> = {
  ...writingFields<Source>({
    writing: (issue) => issue,
    url: (issue, { world }) => issueUrl(world, issue),
  }),
  ...conversationFields<Source>((issue) => issue),
  id: (issue) => nodeId("Issue", issue.id),
  databaseId: (issue) => issue.id,
  fullDatabaseId: (issue) => String(issue.id),
  state: (issue) => issue.state.toUpperCase(),
  stateReason: (issue, { enableDuplicate }: { enableDuplicate?: boolean | null }) =>
    issue.stateReason === "duplicate" && !enableDuplicate
      ? "NOT_PLANNED"
      : (issue.stateReason?.toUpperCase() ?? null),
  isPinned: () => false,
  parent: () => null,
  subIssuesSummary: () => ({ total: 0, completed: 0, percentCompleted: 0 }),
  viewerCanDelete: (issue, _args, { state, viewer }) =>
    may(viewer, repositoryOf(state, issue), { app: [], person: "admin" }),
  viewerCanLabel: (issue, _args, { state, viewer }) =>
    may(viewer, repositoryOf(state, issue), triageOf(issue)),
  timelineItems: (issue, args: github.IssueTimelineItemsArgs, ask) =>
    timelineConnection(issue, issueTimeline(issue, ask), args, ask),
  closedByPullRequestsReferences: (issue, args: github.IssueClosedByPullRequestsReferencesArgs, ask) => {
    const pulls = closersOf(issue, ask).filter(
      (pull) => args.includeClosedPrs || pull.merged || issueOfPull(ask.state, pull).state === "open",
    );
    const { first = null, last = null, after = null, before = null } = args;
    return pullConnection(pulls, { first, last, after, before }, ask);
  },
};

function closersOf(issue: Source, { world, state }: Ask): Pull[] {
  const repository = repositoryOf(state, issue);
  return childrenOf(state.pulls, repository.id).filter(
    (pull) =>
      pull.baseRef === repository.defaultBranch &&
      issuesClosedBy(world, repository, issueOfPull(state, pull).body).includes(issue),
  );
}
