import { getNamedType } from "graphql";
import type { GraphQLOutputType } from "graphql";
import { conversationGrants, demand, may } from "../viewer.ts";
import type { Need } from "../viewer.ts";
import { needs } from "../needs.ts";
import { repositoryOf, Typed } from "./ask.ts";
import type { Context } from "./ask.ts";

/**
 * What reading a type takes. GitHub publishes no such table for GraphQL and refers to that of REST:
 * https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app/choosing-permissions-for-a-github-app#choosing-permissions-for-graphql-api-access
 */
const readingIssues: Need = { app: ["issues:read"], person: "read" };

const reading: Readonly<Record<string, Need>> = {
  Issue: readingIssues,
  // Of a pull request too: its issue side is guarded before its comments are.
  IssueComment: needs.readIssues,
  IssueTimelineItems: needs.readIssues,
  Label: needs.readLabels,
  PullRequest: needs.readPulls,
  PullRequestReview: needs.readPulls,
  PullRequestReviewComment: needs.readPulls,
  PullRequestReviewThread: needs.readPulls,
  PullRequestChangedFile: needs.readPulls,
  PullRequestTimelineItems: needs.readPulls,
  Ref: needs.readContents,
  Commit: needs.readContents,
  CommitHistory: needs.readContents,
  PullRequestCommit: needs.readContents,
  Tree: needs.readContents,
  TreeEntry: needs.readContents,
  Blob: needs.readContents,
  GitObject: needs.readContents,
  CheckSuite: needs.readChecks,
  CheckRun: needs.readChecks,
  CheckAnnotation: needs.readChecks,
  Status: needs.readStatuses,
  StatusContext: needs.readStatuses,
  StatusCheckRollup: { app: ["checks:read", "statuses:read"], person: "read" },
};
