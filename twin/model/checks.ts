/** What is said of a commit: check suites and runs, statuses. */

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
