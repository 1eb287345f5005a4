import { z } from "zod";

/** One thing that was said about the work so far; every item gets its own answer. */
export const FeedbackItem = z.object({
  /** Ours: `rc12` (thread), `rv3` (review), `ic9` (comment), `cr7` (check run), `st:<context>` (commit status). */
  id: z.string().min(1).max(200),
  kind: z.enum(["thread", "review", "comment", "check", "status"]),
  /** Who said it: a login, or the check's app. */
  by: z.string().max(200),
  /** What was said; for a check: its output, annotations and the end of its log. */
  text: z.string().max(60_000),
  path: z.string().max(4_000).optional(),
  line: z.number().int().positive().optional(),
});
export type FeedbackItem = z.infer<typeof FeedbackItem>;

/** Words of people without permission: shown to the agent as quoted data, never as instructions. */
const Quote = z.object({ by: z.string().max(200), text: z.string().max(20_000) });

/** A run's instructions: a file that is mounted read-only into the pod. It holds no secret. */
export const Brief = z.object({
  run: z.string().min(1).max(200),
  purpose: z.enum(["implement", "fix", "resolve"]),
  repository: z.object({ id: z.number().int().positive(), owner: z.string(), name: z.string() }),
  issue: z.object({ number: z.number().int().positive(), title: z.string(), body: z.string() }),
  task: z.object({ id: z.string(), title: z.string(), body: z.string() }),
  /** The branch that the work is merged into one day, and the commit that it starts from. */
  base: z.object({ branch: z.string(), sha: z.string() }),
  /** The one branch that this run pushes to; `exists` says that it goes on from what stands there. */
  branch: z.object({ name: z.string(), exists: z.boolean() }),
  feedback: z.array(FeedbackItem).max(200),
  quotes: z.array(Quote).max(50),
  setup: z.array(z.string().max(4_000)).max(50),
  test: z.string().max(4_000).nullable(),
  /** Whether the runner runs `test` before it pushes, because no check will. */
  verify: z.boolean(),
  /** Hosts that the gate lets this run reach by CONNECT, as the lease names them; for all others there is no way. */
  hosts: z.array(z.string().max(255)).max(50).default([]),
  agent: z.object({ preset: z.string(), model: z.string() }),
  limits: z.object({ minutes: z.number().positive(), tokens: z.number().int().positive() }),
  author: z.object({ name: z.string(), email: z.string() }),
  coAuthor: z.object({ name: z.string(), email: z.string() }).nullable(),
});
export type Brief = z.infer<typeof Brief>;
