import type { Permission } from "../../../app/permission.ts";
import type { Plan } from "../../../app/plan/plan.ts";
import type { SeenRun } from "../../run/cluster/cluster.ts";
import type { Act } from "./testWorldActs.ts";
import type { Comment, Edit, IssueEvent, Person, PlanResult, Pull, Refusal, Thumb } from "./snapshot.ts";
import type { State } from "./state.ts";

/** Write permission; labels the issue. */
export const MONA: Person = { login: "mona", bot: false };
/** Write permission too, until it is taken. */
export const OTTO: Person = { login: "otto", bot: false };
/** Reads only. */
export const IDA: Person = { login: "ida", bot: false };
export const BOT: Person = { login: "coxswain", bot: true };

export const ISSUE = 12;
export const APP = { id: 7, slug: "coxswain" };

/** How one run of an agent goes. */
export interface Behaviour {
  ms: number;
  does: "push" | "claim" | "nothing" | "ask" | "fail" | "setup" | "budget" | "crash";
  /** Of its budget, in hundredths. */
  spends: number;
}

/** What the planner answers; `plan` is the story's. */
type PlannerDoes = "plan" | "simple" | "ask" | "fail" | "give up";

/** What one commit of a pull request gets. */
export interface CommitChecks {
  does: "pass" | "fail" | "none";
  /** When they appear, and how long they take. */
  afterMs: number;
  ms: number;
}

/** What goes wrong with one look and what follows from it. */
export interface Disturbance {
  /** How old the part of GitHub is that is read, in ms. */
  lag: number;
  /** Which part that is: the words of the issue, its branches and pull requests, or all. */
  part: "words" | "work" | "all";
  /** Effects that are performed twice, by their index. */
  twice: number[];
  /** The app dies after so many effects. */
  diesAfter: number | null;
  /** So late its ring comes. */
  late: number;
}

/** Everything that isn't the app's to decide: the world does what is written here, and the rest goes well. */
export interface Story {
  plan: Plan;
  limits: { parallel: number; attempts: number; rounds: number; tokens: number };
  /** How many agents of the installation may be at work on this issue. */
  room: number;
  planner: PlannerDoes[];
  /** By task and purpose, in a ring: how each attempt goes; after them all go well. */
  agents: Behaviour[][];
  /** By branch, in a ring: of each commit; after them all pass. */
  checks: CommitChecks[][];
  /** Tasks, and perhaps `root`, that conflict once their base has moved. */
  conflicts: string[];
  acts: { at: number; act: Act }[];
  /** By look, in a ring. */
  disturbances: Disturbance[];
}

/** What GitHub holds. */
export interface Hub {
  settings: string;
  archived: boolean;
  /** Whether a rule refuses merges. */
  refuses: boolean;
  main: string;
  open: boolean;
  body: string;
  labels: string[];
  events: IssueEvent[];
  issueEdits: Edit[];
  comments: Comment[];
  /** What the status comment says, by its id. */
  status: Record<string, { state: State; visible: string }>;
  /** By node id of the comment. */
  edits: Record<string, Edit[]>;
  thumbs: Record<string, Thumb[]>;
  branches: Record<string, string>;
  pulls: Pull[];
  permissions: Record<string, Permission>;
}

/** What Redis holds. */
export interface Memory {
  written: number | null;
  staleTimes: number;
  /** When a comment with that marker was posted, and that pull request merged. */
  posted: Record<string, number>;
  merged: Record<string, number>;
  refusals: Record<string, Refusal>;
  followed: string[];
  results: Record<string, PlanResult>;
}

/** What comes at its time, without the app. */
export type Todo = { at: number } & (
  | { kind: "runEnds"; run: string; behaviour: Behaviour; budget: number; branch: string }
  | { kind: "planEnds"; run: string; does: PlannerDoes; tokens: number }
  | { kind: "check"; pull: number; head: string; ended: boolean; failed: boolean; ms: number }
  | { kind: "mergeable"; pull: number; head: string }
  | { kind: "act"; act: Act }
  | { kind: "ring" }
);

/** GitHub, the cluster, Redis and people, around one issue. A value: each thing that happens makes a new one. */
export interface World {
  story: Story;
  now: number;
  /** Counts commits, comments and events. */
  ids: number;
  hub: Hub;
  /** What it was before, and until when. */
  past: { until: number; hub: Hub }[];
  memory: Memory;
  cluster: SeenRun[];
  todo: Todo[];
  alarm: number | null;
  looks: number;
  /** As the last sweep saw it; null: Redis forgot. */
  swept: Pick<World, "hub" | "cluster"> | null;
  /** Whether the last look said that the plan's thumbs are to be watched. */
  awaits: boolean;
  /** Plans that stood when somebody approved: their hash, and who. */
  approvals: { hash: string; by: string }[];
  /** Every run that was ever started, and which task's branch it was for. */
  started: string[];
  /** Of each branch, how many commits it got. */
  commits: Record<string, number>;
  /** Pull requests that had their conflict, and the commit that has it. */
  conflicted: Record<number, string>;
}

const FIRST = Date.UTC(2026, 10, 21, 12);

/** The story's beginning: somebody labels the issue. */
export function firstWorld(story: Story): World {
  const { limits } = story;
  const hub: Hub = {
    settings: settingsOf(limits),
    archived: false,
    refuses: false,
    main: sha(1),
    open: true,
    body: "Users can't log in.",
    labels: ["agent"],
    events: [{ kind: "labeled", id: "E1", label: "agent", by: MONA, at: new Date(FIRST) }],
    issueEdits: [],
    comments: [],
    status: {},
    edits: {},
    thumbs: {},
    branches: {},
    pulls: [],
    permissions: { mona: "write", otto: "admin", ida: "read" },
  };
  return {
    story,
    now: FIRST,
    ids: 100,
    hub,
    past: [],
    memory: {
      written: null,
      staleTimes: 0,
      posted: {},
      merged: {},
      refusals: {},
      followed: [],
      results: {},
    },
    cluster: [],
    todo: [
      { kind: "ring", at: FIRST + 1000 },
      ...story.acts.map(({ at, act }) => ({ kind: "act" as const, at: FIRST + 2000 + at, act })),
    ],
    alarm: null,
    looks: 0,
    swept: null,
    awaits: false,
    approvals: [],
    started: [],
    commits: {},
    conflicted: {},
  };
}

/** The settings file. */
export const settingsOf = (limits: Story["limits"]): string =>
  `limits:\n${Object.entries(limits)
    .map(([key, value]) => `  ${key}: ${value}\n`)
    .join("")}`;

/** How long what was is remembered: nothing lags longer. */
const PAST_MS = 10_000;

/** GitHub as it is after `change`. */
export function withHub(world: World, change: Partial<Hub>): World {
  const past = world.past.filter(({ until }) => until > world.now - PAST_MS);
  return {
    ...world,
    hub: { ...world.hub, ...change },
    past: [...past, { until: world.now, hub: world.hub }],
  };
}

/** GitHub's times are in whole seconds. */
export const hubTime = ({ now }: World): Date => new Date(Math.floor(now / 1000) * 1000);

/** A commit's name, which begins with its number. */
export const sha = (n: number): string => n.toString(16).padStart(6, "0").padEnd(40, "0");

/** Something random that is always the same for the same words. */
export const pick = <T>(from: readonly T[], of: string): T | undefined => {
  const hash = Array.from(of).reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 1_000_003, 7);
  return from[hash % from.length];
};

/** The task that a branch of this issue belongs to: `agent/12-2/login` is `login`'s. */
export const taskOfBranch = (branch: string): string => branch.split("/").at(-1) ?? "";

/** GitHub, or we, can't do that now; `ms`: when it is tried again, where the other effects go on without it. */
export class Refused extends Error {
  readonly ms: number | null;
  constructor(say: string, ms: number | null = null) {
    super(say);
    this.ms = ms;
  }
}
