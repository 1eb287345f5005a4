import type { Brief } from "../../../agent-pod/contract/brief.ts";
import type { Line } from "../../../agent-pod/contract/lines.ts";
import type { Outcome } from "../../../agent-pod/contract/outcome.ts";

/** Which issue a run belongs to, in ids that survive renames, and what it is an attempt at. */
export interface RunLabels {
  /** `<owner>/<name>` when the run started: for people and for the ring. */
  repository: string;
  repositoryId: number;
  installationId: number;
  issue: number;
  task: string;
  purpose: Brief["purpose"];
  attempt: number;
}

export interface RunSpec {
  /** Deterministic: the same intent gives the same name. Lower-case letters, digits and dashes, at most 52. */
  name: string;
  labels: RunLabels;
  brief: Brief;
  /** The names of what the repository chose to run it in; null: what the app has for all. */
  image: string | null;
  size: string | null;
  /** The run's pass: the one secret that goes with it. */
  pass: string;
}

/** A run that can't be started before a person does something; the message says what. */
export class RunRefused extends Error {
  override readonly name = "RunRefused";
}

/** What a run may be lost to, and whether another attempt may go better; where it may not, a person has to do something. */
const AGAIN = {
  crashed: true,
  /** It was ended for its time. */
  deadline: true,
  deleted: true,
  memory: true,
  disk: true,
  evicted: true,
  preempted: true,
  /** Its node was lost. */
  node: true,
  /** It never began: its image, its container or volumes, room for it, the cluster's rules. */
  image: false,
  config: false,
  unschedulable: false,
  quota: false,
  admission: false,
};
export type LostReason = keyof typeof AGAIN;

/** Whether another attempt may go better than one that was lost to this. */
export const mayGoBetter = (reason: LostReason): boolean => AGAIN[reason];

/** What the cluster knows of one run. It survives us: it is the truth on what is running (design §2). */
export interface SeenRun {
  name: string;
  labels: RunLabels;
  startedAt: Date;
  state:
    /** `waits`: what keeps it from starting, in a sentence for people. */
    | { kind: "running"; waits?: string }
    /** It ended and left a valid outcome. `answers` is null where they weren't read. */
    | { kind: "ended"; at: Date; outcome: Outcome; answers: Record<string, string> | null }
    /** It ended without one, or never began: `say` tells how, in a sentence for people. */
    | { kind: "lost"; at: Date; say: string; reason: LostReason };
  /** Tokens spent, as last remembered by whoever followed it. */
  spent: number;
}

/** In the place of lines that nobody read before the log was rotated. No pod can print this. */
export interface Gap {
  /** Of the last of them. */
  n: number;
  kind: "lost";
  lines: number;
  text: string;
}
export type SeenLine = Line | Gap;

/**
 * Where runs live: `process` on this machine, `kubernetes` in production. Every call may be repeated.
 */
export interface Cluster {
  /**
   * Makes sure that the run exists. One that exists under that name is adopted if it is ours and the same.
   *
   * @throws {RunRefused} if it is another, and where a person has to do something; any other error may pass.
   */
  ensure(spec: RunSpec): Promise<void>;
  /**
   * Every run of this app that exists, ended ones too until `forget`; of one issue, if given. Of all, their answers may be left
   * out: to read them takes the log of each, which may be long in coming.
   */
  list(of?: { repositoryId: number; issue: number }): Promise<SeenRun[]>;
  /** Its lines from number `from` on, as they come, until the run has ended or `signal` aborts. */
  follow(name: string, from: number, signal: AbortSignal): AsyncIterable<SeenLine>;
  /** Remembers tokens spent with the run itself, so that losing Redis loses no limit. */
  remember(name: string, spent: number): Promise<void>;
  /** Ends it: asked first, killed after `graceMs`. It is listed as ended after. A run that isn't there is no error. */
  stop(name: string, graceMs: number): Promise<void>;
  /** Removes what is left of an ended run, once its outcome stands in the state. */
  forget(name: string): Promise<void>;
  /**
   * Calls `told` whenever one of its runs ends, also after a restart of ours, or what keeps it from starting changes.
   * Returns the way to stop that.
   */
  watch(told: (run: SeenRun) => void): Promise<() => Promise<void>>;
}
