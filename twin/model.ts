/**
 * Everything that the twin remembers, as plain objects. Records name each other by id; git holds refs, commits and trees.
 * Times are milliseconds since 1970 (GitHub shows whole seconds: see `iso` in payloads/common.ts).
 */

/** A person's (or bot's) permission level on a repository, weakest first. */
export const levels = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Level = (typeof levels)[number];

type Access = "read" | "write" | "admin";
/** An app's permissions by GitHub's names, as in an app manifest: `{ issues: "write", metadata: "read" }`. */
export type Permissions = Readonly<Record<string, Access>>;

export interface Account {
  id: number;
  login: string;
  type: "User" | "Bot" | "Organization";
  name: string | null;
  email: string | null;
  createdAt: number;
}

export interface App {
  id: number;
  slug: string;
  clientId: string;
  name: string;
  description: string | null;
  externalUrl: string;
  ownerId: number;
  /** The account that acts for this app: `slug[bot]`. */
  botId: number;
  publicKey: string;
  permissions: Permissions;
  events: readonly string[];
  hook: { id: number; url: string | null; secret: string };
  createdAt: number;
}

export interface Installation {
  id: number;
  appId: number;
  accountId: number;
  /** "all", or the ids of the selected repositories. */
  repositories: "all" | number[];
  /** What was granted: a copy of the app's at installation. */
  permissions: Permissions;
  events: readonly string[];
  suspendedAt: number | null;
  createdAt: number;
}

/** A secret that stands for somebody. `id` is its own, the secret is `secret`. */
export type Token =
  | { kind: "user"; id: number; secret: string; accountId: number }
  | {
      kind: "installation";
      id: number;
      secret: string;
      installationId: number;
      repositories: "all" | number[];
      permissions: Permissions;
      expiresAt: number;
    };

/** A classic branch protection rule, for one exact branch name. */
export interface BranchProtection {
  branch: string;
  requiredChecks: string[];
  requiredApprovals: number;
}

export interface Repository {
  id: number;
  ownerId: number;
  name: string;
  description: string | null;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  mergeMethods: { merge: boolean; squash: boolean; rebase: boolean };
  deleteBranchOnMerge: boolean;
  /** Private repositories on GitHub's free plan have no drafts. */
  drafts: boolean;
  protections: BranchProtection[];
  collaborators: { accountId: number; level: Level }[];
  nextNumber: number;
  createdAt: number;
  updatedAt: number;
  pushedAt: number;
}

export interface Label {
  id: number;
  repositoryId: number;
  name: string;
  color: string;
  description: string | null;
  default: boolean;
}

/**
 * One entry of an edit history: the whole text after that edit. GitHub keeps none until the first edit, which writes two:
 * the original and the edit.
 */
export interface TextEdit {
  id: number;
  editorId: number;
  editedAt: number;
  text: string;
  deletedAt: number | null;
  deletedById: number | null;
}

/** What has an author, a text that can be edited, and dates. */
export interface Writing {
  id: number;
  authorId: number;
  /** The app through which it was written, if any. */
  appId: number | null;
  body: string;
  edits: TextEdit[];
  createdAt: number;
  updatedAt: number;
}

/** An issue, or the issue side of a pull request (then a `Pull` points to it). */
export interface Issue extends Writing {
  repositoryId: number;
  number: number;
  title: string;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "duplicate" | "reopened" | null;
  labelIds: number[];
  assigneeIds: number[];
  locked: boolean;
  closedAt: number | null;
  closedById: number | null;
  isPull: boolean;
}

export interface Comment extends Writing {
  issueId: number;
  minimizedReason: string | null;
}

export const reactionContents = [
  "+1",
  "-1",
  "laugh",
  "confused",
  "heart",
  "hooray",
  "rocket",
  "eyes",
] as const;
export type ReactionContent = (typeof reactionContents)[number];

/** What can be reacted to; ids are unique over all kinds. */
export type Reactable = Issue | Comment | ReviewComment | Review;

export interface Reaction {
  id: number;
  subjectId: number;
  content: ReactionContent;
  accountId: number;
  createdAt: number;
}

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

/** What happened to an issue or pull request, beside comments and reviews, which are records of their own. */
export type TimelineEvent = {
  id: number;
  issueId: number;
  actorId: number;
  appId: number | null;
  at: number;
} & (
  | { event: "labeled" | "unlabeled"; label: { id: number; name: string; color: string } }
  | { event: "assigned" | "unassigned"; assigneeId: number }
  | { event: "closed"; stateReason: Issue["stateReason"]; byPullId: number | null }
  | {
      event:
        | "reopened"
        | "locked"
        | "unlocked"
        | "ready_for_review"
        | "convert_to_draft"
        | "head_ref_deleted";
    }
  | { event: "renamed"; from: string; to: string }
  | { event: "cross-referenced"; sourceIssueId: number; willClose: boolean }
  | { event: "merged"; commitSha: string; baseRef: string }
  | { event: "head_ref_force_pushed"; before: string; after: string }
  | { event: "base_ref_changed"; from: string; to: string }
  | { event: "review_requested" | "review_request_removed"; reviewerId: number }
  | { event: "review_dismissed"; reviewId: number; dismissedState: ReviewState; message: string }
  | { event: "comment_deleted"; commentId: number }
);

export const checkConclusions = [
  "action_required",
  "cancelled",
  "failure",
  "neutral",
  "success",
  "skipped",
  "stale",
  "timed_out",
] as const;
export type CheckConclusion = (typeof checkConclusions)[number] | "startup_failure";
export type CheckStatus = "queued" | "in_progress" | "completed";

/** A commit as git has it; never stored but where a payload needs it at once. */
export interface Commit {
  sha: string;
  treeSha: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
}

export interface Signature {
  name: string;
  email: string;
  at: number;
}

export interface CheckSuite {
  id: number;
  repositoryId: number;
  appId: number;
  headSha: string;
  headBranch: string | null;
  headCommit: Commit;
  before: string | null;
  /** Somebody asked for it again, and no run has been reported since: it counts as queued. */
  rerequested: boolean;
  createdAt: number;
  updatedAt: number;
}

export interface Annotation {
  path: string;
  startLine: number;
  endLine: number;
  startColumn: number | null;
  endColumn: number | null;
  level: "notice" | "warning" | "failure";
  message: string;
  title: string | null;
  rawDetails: string | null;
}

export interface CheckRun {
  id: number;
  repositoryId: number;
  suiteId: number;
  appId: number;
  name: string;
  headSha: string;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  startedAt: number;
  completedAt: number | null;
  externalId: string;
  detailsUrl: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: Annotation[];
  actions: { label: string; description: string; identifier: string }[];
  /** What `GET …/actions/jobs/<this id>/logs` answers; null: it is no job of GitHub Actions. */
  jobLog: string | null;
}

export interface CommitStatus {
  id: number;
  repositoryId: number;
  sha: string;
  context: string;
  state: "error" | "failure" | "pending" | "success";
  description: string | null;
  targetUrl: string | null;
  creatorId: number;
  createdAt: number;
}

/** One attempt to deliver one webhook to one app. */
export interface Delivery {
  id: number;
  guid: string;
  appId: number;
  installationId: number | null;
  repositoryId: number | null;
  event: string;
  action: string | null;
  deliveredAt: number;
  redelivery: boolean;
  durationMs: number;
  /** GitHub's words: "OK", "Invalid HTTP Response: 500", "timed out", "failed to connect to host". */
  status: string;
  statusCode: number;
  url: string;
  request: { headers: Record<string, string>; payload: Record<string, unknown> };
  response: { headers: Record<string, string>; payload: string };
}
