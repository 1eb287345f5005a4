import { ZodError } from "zod";

import { refusedField } from "../api.ts";

/** What the agent hears when `rebuild` refuses. Throws if it doesn't. */
export function sentence(rebuild: () => unknown): string {
  try {
    rebuild();
  } catch (error) {
    if (error instanceof ZodError) return refusedField(error).message;
    throw error;
  }
  throw new Error("It wasn't refused.");
}
