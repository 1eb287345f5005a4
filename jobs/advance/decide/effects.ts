import type { Brief } from "../../../agent-pod/contract/brief.ts";
import type { Lease } from "../../../agent-pod/contract/lease.ts";
import type { Rank } from "../../../app/bucket.ts";
import type { PhaseName } from "../../../app/phase.ts";
import type { RunLabels, RunSpec } from "../../run/cluster/cluster.ts";
import type { Plan } from "../../../app/plan/plan.ts";
import type { State } from "./state.ts";

/** What a lease says, but for the token, which only the follower may mint. */
export type LeaseTerms = Omit<Lease, "token" | "run" | "attempt" | "purpose" | "repository" | "issue">;

/** What the planner is to look at. */
export interface PlanAsk {
  base: { branch: string; sha: string };
  issue: { number: number; title: string; body: string };
  /** A plan even where one task would do. */
  force: boolean;
  /** The plan that is to be changed, and how, in a person's words. */
  change: { plan: Plan; by: string; text: string } | null;
}

/** A run as the queue `run` carries it. */
export type RunOrder = {
  name: string;
  labels: Omit<RunLabels, "purpose">;
  minutes: number;
  terms: LeaseTerms;
} & (
  | { kind: "plan"; ask: PlanAsk }
  | ({ kind: "agent"; purpose: Brief["purpose"]; brief: Brief } & Pick<RunSpec, "image" | "size">)
);

/** How the one label that shows the phase changes. */
export interface LabelChange {
  add: PhaseName | null;
  remove: PhaseName[];
}

/** What `decide` asks for. Each may be performed twice; they are performed in order, and the first that fails ends it. */
export type Effect =
  | {
      kind: "status";
      /** The comment that is edited, or null for a new one. */
      comment: { id: string; nodeId: string } | null;
      state: State;
      visible: string;
      /** Whether the state changed, or only what is shown. */
      rank: Rank;
      /** Goes with it in one call. */
      label: LabelChange | null;
    }
  | { kind: "label"; label: LabelChange }
  | { kind: "react"; comment: string; with: "eyes" | "rocket" | "confused" }
  /** A new comment on the issue or a pull request. */
  | { kind: "say"; on: number; marker: string; body: string }
  /** A reply in a review thread, to the comment that began it. */
  | { kind: "reply"; pull: number; to: string; marker: string; body: string }
  /** A comment of ours that is written anew: the plan's. */
  | { kind: "editComment"; nodeId: string; body: string }
  /** A draft where GitHub has drafts; else its title says so. */
  | { kind: "openPull"; branch: string; base: string; title: string; body: string; draft: boolean }
  /** The words of a pull request of ours, where they changed. */
  | { kind: "editPull"; pull: number; title: string | null; body: string | null }
  /** A draft becomes ready for review. */
  | { kind: "ready"; pull: number; nodeId: string }
  /** Squashes a task's pull request into the root branch, if `head` is still its newest commit. */
  | { kind: "merge"; pull: number; head: string; title: string; message: string }
  /** The root branch, where it isn't there. */
  | { kind: "createBranch"; branch: string; sha: string }
  | { kind: "requestReview"; pull: number; of: string; marker: string }
  | { kind: "run"; order: RunOrder }
  | { kind: "stop"; run: string }
  | { kind: "forget"; run: string }
  | { kind: "deleteBranch"; branch: string }
  /** One of two comments with one marker: the newer. */
  | { kind: "deleteComment"; id: string };

export interface Decision {
  phase: PhaseName | null;
  effects: Effect[];
  /** When to look again without being rung; null: not before an event. */
  again: Date | null;
  /** How many more runs of agents it would start now if there were more room. */
  wants: number;
  /** Whether a plan waits for approval, so that its 👍 and 👎 are watched. */
  awaits: boolean;
  /** The reasons, for the log and `advance --dry`. */
  why: string[];
}
