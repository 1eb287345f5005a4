import { z } from "zod";

/**
 * What a person tells a running agent. The runner asks the gate: `GET /notes?after=<n>` with its pass, answered when
 * there is one with a higher number or after 25 s with none.
 */
export const Note = z.discriminatedUnion("kind", [
  z.object({
    n: z.int().positive(),
    kind: z.literal("message"),
    by: z.string(),
    text: z.string().max(10_000),
  }),
  z.object({ n: z.int().positive(), kind: z.literal("stop") }),
]);
export type Note = z.infer<typeof Note>;

export const Notes = z.object({ notes: z.array(Note) });
