import { z } from "zod";

import { Plan } from "../../../app/plan/plan.ts";
import { Purpose } from "../../../agent-pod/contract/purpose.ts";

const Task = z.object({ id: z.string(), title: z.string(), body: z.string() });

/** What the planner said of an issue. */
export const Assessment = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("simple"), task: Task }),
  /** Several pull requests: its plan is proposed to people. */
  z.object({ kind: z.literal("complex"), plan: Plan }),
  z.object({ kind: z.literal("asks"), questions: z.array(z.string()) }),
]);
export type Assessment = z.infer<typeof Assessment>;

/** The assessment as the state keeps it: a plan has a place of its own. */
const Judgement = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("simple"), task: Task }),
  z.object({ kind: z.literal("complex") }),
  z.object({ kind: z.literal("asks"), questions: z.array(z.string()) }),
]);

/** How a run ended, as far as later decisions need it. */
const Ending = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("done"), at: z.string() }),
  z.object({ kind: z.literal("nothing"), at: z.string(), say: z.string() }),
  z.object({ kind: z.literal("asks"), at: z.string(), say: z.string() }),
  /** `retry`: whether another attempt may follow by itself. */
  z.object({
    kind: z.literal("failed"),
    at: z.string(),
    say: z.string(),
    retry: z.boolean(),
    /** Its pod wasn't held back. */
    network: z.literal(true).optional(),
  }),
  z.object({ kind: z.literal("stopped"), at: z.string() }),
]);
export type Ending = z.infer<typeof Ending>;

/** One attempt: written before it is started (the intent), and again when it has ended. */
export const RunRecord = z.object({
  name: z.string(),
  purpose: Purpose,
  task: z.string(),
  attempt: z.number().int().positive(),
  at: z.string(),
  /** The feedback items that it took. */
  takes: z.array(z.string()),
  /** What the checks among them are called: a new commit has new checks. */
  checks: z.record(z.string(), z.string()).optional(),
  /** The tokens that it may use. */
  budget: z.number().int().nonnegative().optional(),
  /** Its branch's commit when it was to start; null: there was no such branch. Not known of runs from before this was kept. */
  head: z.string().nullable().optional(),
  tokens: z.number().int().nonnegative(),
  end: Ending.nullable(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** The plan that stands in the plan comment. It waits for approval unless it is the one that was approved. */
const Proposal = z.object({
  /** Counts the plan comments of the generation: its marker is `plan:<generation>.<number>`. */
  number: z.number().int().positive(),
  plan: Plan,
  /** When its YAML was changed last, or the planner made it. */
  at: z.string(),
  /** Whether a person changed it: then an approval must be newer, by GitHub's clock, which has whole seconds. */
  edited: z.boolean(),
});

/** The plan that was approved, by whom and when. */
const Approved = z.object({ plan: Plan, hash: z.string(), by: z.string(), at: z.string() });

/** What a planner's run is asked beside the issue. */
const Ask = z.object({
  at: z.string(),
  /** A plan even where one task would do (`/agent plan`). */
  force: z.boolean(),
  /** What is to be changed in the plan that stands (`/agent replan …`), in the person's words. */
  change: z.object({ by: z.string(), text: z.string() }).nullable(),
});

/** What can't be derived (design §2). It lives in the status comment, with an HMAC. */
export const State = z.object({
  version: z.literal(1),
  revision: z.number().int().nonnegative(),
  generation: z.number().int().positive(),
  /** Starting words that were judged when they were seen: the event's or comment's id, and whether its author was permitted. */
  judged: z.record(z.string(), z.boolean()),
  /** Comments whose commands were taken. */
  commands: z.array(z.string()),
  /** The last `/agent retry`: attempts and rounds count from `at`, and the token limit from `tokens`. */
  since: z.object({ at: z.string(), tokens: z.number().int().nonnegative() }).nullable(),
  assessment: Judgement.nullable(),
  /** A new plan that a person asked for and the planner hasn't made yet. */
  ask: Ask.nullable().default(null),
  proposal: Proposal.nullable().default(null),
  approved: Approved.nullable().default(null),
  /** By task: when a person said `/agent retry <task>`, and which tasks their dependants go on without. */
  retried: z.record(z.string(), z.string()).default({}),
  skipped: z.array(z.string()).default([]),
  /** Of this generation, in order. */
  runs: z.array(RunRecord),
  /** Tokens by task and by day (UTC), over all generations. */
  spend: z.object({ tasks: z.record(z.string(), z.number()), days: z.record(z.string(), z.number()) }),
  /** What was said once (design §3: a phase that waits is said once), by marker, and when. */
  said: z.array(z.object({ marker: z.string(), at: z.string() })),
});
export type State = z.infer<typeof State>;

/** The state of an issue that was never worked on. */
export function firstState(generation = 1): State {
  return {
    version: 1,
    revision: 0,
    generation,
    judged: {},
    commands: [],
    since: null,
    assessment: null,
    ask: null,
    proposal: null,
    approved: null,
    retried: {},
    skipped: [],
    runs: [],
    spend: { tasks: {}, days: {} },
    said: [],
  };
}

/** Tokens spent on the issue in all. */
export const spentTokens = (state: State): number =>
  Object.values(state.spend.days).reduce((sum, tokens) => sum + tokens, 0);
