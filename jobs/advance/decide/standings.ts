import type { Held } from "../../run/walls.ts";
import type { Blocked } from "../../../app/words/blocked.ts";
import type { Checks } from "./checks.ts";
import type { Lane } from "./lanes.ts";
import type { Pull } from "./snapshot.ts";
import type { RunRecord } from "./state.ts";

/** A run that is due. */
export interface Due {
  kind: "run";
  purpose: "plan" | "implement" | "fix" | "resolve";
  takes: string[];
}

/** Where one lane stands: what it waits for, or what is to be done now. */
export type Standing =
  | { kind: "merged"; pull: Pull }
  /** A person said to go on without it. */
  | { kind: "skipped" }
  /** Other tasks come first, or the plan's approval. */
  | { kind: "waits"; for: string[] }
  | { kind: "blocked"; why: Blocked }
  /** A run is at work. */
  | { kind: "running"; run: RunRecord }
  | Due
  /** A run is due, and others of its kind are in its place. */
  | { kind: "queued"; run: Due }
  /** A run is due or begun, and no agent starts for so long: the pod of one could reach what it mustn't. */
  | { kind: "held"; by: Held }
  /** Work stands on a branch that has no pull request yet. */
  | { kind: "open" }
  /** Nothing to do before `until`, or before an event where that is null. */
  | { kind: "wait"; until: Date | null; why: string; pull: Pull | null }
  /** The task's pull request is to be merged. */
  | { kind: "merge"; pull: Pull }
  /** The pull request waits for a person. */
  | { kind: "review"; pull: Pull; checks: Checks }
  /** The planner's questions wait for an answer. */
  | { kind: "asks"; questions: string[] }
  /** The plan waits for approval. */
  | { kind: "awaits" };

/** A lane and where it stands. */
export interface LaneAt {
  lane: Lane;
  at: Standing;
}

/** Where the issue stands; its phase follows from it (`phaseOf`). */
export type Next = { kind: "done"; pull: Pull } | { kind: "stopped" } | { kind: "lanes"; lanes: LaneAt[] };
