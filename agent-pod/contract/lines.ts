import { z } from "zod";

export const LINE_BYTES = 8 * 1024;
export const RUN_BYTES = 8 * 1024 * 1024;

/** One numbered JSON object per line on the runner's stdout (design §4). All of it is data from where hostile code ran. */
export const Line = z.discriminatedUnion("kind", [
  /**
   * Whether the pod could reach what it mustn't, and what (`text`, for people). Before it the runner prints nothing, and before
   * the runner has printed it no code of the repository runs: so the first line of a log can be believed, and no later one.
   */
  z.strictObject({
    n: z.int().nonnegative(),
    kind: z.literal("walls"),
    open: z.boolean(),
    text: z.string().max(1000),
  }),
  /** What the runner is doing: `cloned`, `setup: npm ci`, `agent started`, `pushed`. */
  z.strictObject({ n: z.int().nonnegative(), kind: z.literal("step"), text: z.string().max(2000) }),
  /** What the agent said, or the tail of a command's output. */
  z.strictObject({ n: z.int().nonnegative(), kind: z.literal("said"), text: z.string().max(6000) }),
  /** A tool call of the agent's. */
  z.strictObject({ n: z.int().nonnegative(), kind: z.literal("tool"), text: z.string().max(2000) }),
  /** The agent's answer to one feedback item of the brief. */
  z.strictObject({
    n: z.int().nonnegative(),
    kind: z.literal("answer"),
    id: z.string().max(200),
    text: z.string().max(4000),
  }),
]);
export type Line = z.infer<typeof Line>;
/** A line without its number, which the runner's one printer gives it. */
export type LineBody = Line extends infer L ? (L extends Line ? Omit<L, "n"> : never) : never;

/** The line in `text`, or null if it isn't one: what else is printed there is noise. */
export function parseLine(text: string): Line | null {
  if (Buffer.byteLength(text) > LINE_BYTES) return null;
  try {
    return Line.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
