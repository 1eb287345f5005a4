/** Pull requests and their reviews. */
import type { Writing } from "./issues.ts";

export type MergeMethod = "merge" | "squash" | "rebase";

export interface Pull {
  id: number;
  /** Its title, body, author, labels, state and comments are there. */
  issueId: number;
  repositoryId: number;
  number: number;
  /** Branch names without `refs/heads/`. The head is in the same repository: the twin has no forks. */
  headRef: string;
  headSha: string;
  headDeleted: boolean;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  maintainerCanModify: boolean;
  requestedReviewerIds: number[];
  merged: { at: number; byId: number; commitSha: string } | null;
  /** Of the difference from the merge base to the head. */
  size: { commits: number; additions: number; deletions: number; changedFiles: number };
}

export type ReviewState = "PENDING" | "COMMENTED" | "APPROVED" | "CHANGES_REQUESTED" | "DISMISSED";

export interface Review extends Writing {
  pullId: number;
  state: ReviewState;
  commitSha: string;
  submittedAt: number | null;
}

export type Side = "LEFT" | "RIGHT";

export interface Thread {
  id: number;
  pullId: number;
  path: string;
  subjectType: "line" | "file";
  side: Side;
  startSide: Side | null;
  /** Where it stands in the newest diff; null when outdated. */
  line: number | null;
  startLine: number | null;
  originalLine: number | null;
  originalStartLine: number | null;
  originalCommitSha: string;
  diffHunk: string;
  resolvedById: number | null;
  createdAt: number;
}

export interface ReviewComment extends Writing {
  pullId: number;
  threadId: number;
  reviewId: number;
  inReplyToId: number | null;
  commitSha: string;
}
