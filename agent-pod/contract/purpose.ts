import { z } from "zod";

/** What one run is for (design §4). */
export const Purpose = z.enum(["plan", "implement", "fix", "resolve", "review", "reflect"]);
export type Purpose = z.infer<typeof Purpose>;
