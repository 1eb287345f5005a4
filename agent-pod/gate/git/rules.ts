import { z } from "zod";

/** What a push is judged by: a file in the throw-away copy, beside the hook that reads it. */
export const PushRules = z.strictObject({
  /** The one ref that may be pushed, and where it stands; null: it doesn't exist yet. */
  ref: z.string(),
  tip: z.string().nullable(),
  /** The base's tip, and the tips of all refs whose commits need no judging. */
  base: z.string(),
  known: z.array(z.string()),
  mayTouch: z.array(z.string()),
  protected: z.array(z.string()),
  issue: z.int(),
  /** GitHub's web address, the owner and the name: how commit messages name issues. */
  server: z.string(),
  owner: z.string(),
  name: z.string(),
  /** The mirror, which can fetch what a file was before. */
  mirror: z.string(),
});
export type PushRules = z.infer<typeof PushRules>;

/** What the hook found: a file that it writes beside the rules. */
export const Verdict = z.discriminatedUnion("kind", [
  /** `unread`: files that were too large to look for secrets in. */
  z.strictObject({ kind: z.literal("good"), from: z.string(), to: z.string(), unread: z.array(z.string()) }),
  /** The branch isn't where the pushing git believes it to be. */
  z.strictObject({ kind: z.literal("moved") }),
  /** It couldn't be judged; `why` is for the log. */
  z.strictObject({ kind: z.literal("broke"), why: z.string() }),
  z.strictObject({ kind: z.literal("refused"), why: z.array(z.string()), paths: z.array(z.string()) }),
]);
export type Verdict = z.infer<typeof Verdict>;

export const RULES_FILE = "coxswain-rules.json";
export const VERDICT_FILE = "coxswain-verdict.json";
