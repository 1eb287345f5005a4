import type { Permission } from "../../../app/permission.ts";
import type { Settings } from "../../../app/config/repository.ts";
import type { SeenRun } from "../../run/cluster/cluster.ts";
import type { Held } from "../../run/walls.ts";
import type { Assessment, State } from "./state.ts";

/** Someone on GitHub. `login` as GraphQL has it: without `[bot]`. Deleted accounts are `ghost`. */
export interface Person {
  login: string;
  bot: boolean;
}

/** Something that happened to the issue, oldest first. `id` is GitHub's node id of the event. */
export type IssueEvent =
  | { kind: "labeled" | "unlabeled"; id: string; label: string; by: Person; at: Date }
  | { kind: "closed" | "reopened"; id: string; by: Person; at: Date }
  | { kind: "renamed"; id: string; from: string; to: string; by: Person; at: Date };

/** One entry of an edit history: the whole text after it, or null where the entry was deleted. Oldest first. */
export interface Edit {
  by: Person;
  at: Date;
  text: string | null;
}

/** A comment in the conversation of the issue or of a pull request. */
export interface Comment {
  /** GitHub's database id, as text: `4711`. */
  id: string;
  nodeId: string;
  by: Person;
  /** Whether this app wrote it. */
  ours: boolean;
  body: string;
  at: Date;
  /** Who edited it last, if anyone did. */
  editedBy: Person | null;
  /** Our reactions on it, in GraphQL's words: EYES, ROCKET, CONFUSED. */
  reacted: string[];
  /** The key in our hidden marker, of our own comments alone. */
  marker: string | null;
}

export interface Review {
  id: string;
  by: Person;
  ours: boolean;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  body: string;
  at: Date;
  /** How many line comments came with it. */
  comments: number;
}

/** A review thread; its comments oldest first. */
export interface Thread {
  nodeId: string;
  resolved: boolean;
  path: string;
  line: number | null;
  comments: (Comment & { reviewId: string | null })[];
}

export type Check =
  | {
      kind: "run";
      /** `cr<database id>` */
      id: string;
      name: string;
      app: string;
      /** Whether it has ended. */
      ended: boolean;
      failed: boolean;
      url: string | null;
      output: string;
      annotations: { path: string; line: number; message: string }[];
    }
  | {
      kind: "status";
      id: string;
      name: string;
      app: string;
      ended: boolean;
      failed: boolean;
      url: string | null;
      output: string;
    };

export interface Pull {
  number: number;
  nodeId: string;
  url: string;
  branch: string;
  state: "open" | "closed" | "merged";
  draft: boolean;
  title: string;
  body: string;
  /** Of the newest commit. */
  head: string;
  headAt: Date;
  createdAt: Date;
  /** When and by whom it was merged or closed. */
  ended: { at: Date; by: Person } | null;
  base: string;
  mergeable: "mergeable" | "conflicting" | "unknown";
  checks: Check[];
  comments: Comment[];
  reviews: Review[];
  threads: Thread[];
  /** Logins whose review is requested. */
  requested: string[];
}

/** A 👍 or 👎 on the plan comment. `id` is GitHub's node id of the reaction. */
export interface Thumb {
  id: string;
  up: boolean;
  by: Person;
  at: Date;
}

/** The comment that shows the proposal of the state, with what only it needs. */
export interface PlanComment {
  comment: Comment;
  /** Its edit history, oldest first; ours among them. Its first entry is the text as it was posted. */
  edits: Edit[];
  thumbs: Thumb[];
}

/** What GitHub refused: a merge of the commit `head`, or a branch. */
export interface Refusal {
  head: string;
  times: number;
  /** GitHub's words. */
  say: string;
  at: Date;
}

/** What the planner's run left: its answer, or why there is none. */
export type PlanResult =
  | { kind: "assessed"; assessment: Assessment; tokens: number }
  | { kind: "failed"; say: string; retry: boolean; tokens: number };

/** Everything that `decide` may know, read in one go (design §1). */
export interface Snapshot {
  app: { id: number; slug: string };
  installationId: number;
  repository: {
    id: number;
    owner: string;
    name: string;
    /** Both null in a repository without commits. */
    base: { branch: string; sha: string } | null;
    settings: { kind: "valid"; settings: Settings } | { kind: "invalid"; errors: string[] };
    archived: boolean;
    /** Node ids of the labels of ours that exist in the repository. */
    labels: Record<string, string>;
  };
  issue: {
    number: number;
    nodeId: string;
    url: string;
    title: string;
    body: string;
    by: Person;
    open: boolean;
    at: Date;
    labels: string[];
    events: IssueEvent[];
    edits: Edit[];
    comments: Comment[];
  };
  /**
   * `missing`: there must have been one, by `evidence`; `forged`: it doesn't verify. `stale`: it is older than what was
   * written, though it was looked at again and again.
   */
  status:
    | { kind: "none" }
    /** `outdated`: it is signed with the app's previous key. */
    | {
        kind: "found";
        state: State;
        comment: Comment;
        visible: string;
        stale: boolean;
        outdated?: true;
      }
    | { kind: "missing"; evidence: string }
    | { kind: "forged"; comment: Comment };
  /** Branches of this issue's generation, `agent/12/…`, by name. */
  branches: Record<string, string>;
  pulls: Pull[];
  /** Null where the state has no proposal, or its comment is gone. */
  planComment: PlanComment | null;
  /** Merges by the pull request's number, branches that can't be made by their name. */
  refusals: Record<string, Refusal>;
  /** How many more runs of agents this issue may start now: the installation's and the repository's limits, shared fairly. */
  room: number;
  /** Why no agent starts, on any issue; null: they do. */
  held: Held | null;
  /** What the cluster has of this issue. */
  runs: SeenRun[];
  /** Names of the runs that a worker follows, or will. */
  followed: string[];
  /** What runs that have no pod left (the planner's), or a follower that gave up, by run. */
  results: Record<string, PlanResult>;
  /** Permission levels of everybody whose act may count now. */
  permissions: Record<string, Permission>;
  /** The model that is used where the repository names none. */
  model: string;
}
