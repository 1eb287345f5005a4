import { Refusal } from "./refusal.ts";

/** More than an agent with all its tools asks for at once; each may hold a body of megabytes. */
const MOST_AT_ONCE = 64;

/** Counts the requests under way, by run, so that no run can fill the gate's memory for the others. */
export interface Crowd {
  /** Runs `answer` as one request of `run`. Throws a `Refusal` when there are too many. */
  one<T>(run: string, answer: () => Promise<T>): Promise<T>;
}

export function crowd(): Crowd {
  const within = new Map<string, number>();
  return {
    one: async (run, answer) => {
      const others = within.get(run) ?? 0;
      if (others >= MOST_AT_ONCE)
        throw new Refusal(
          429,
          "too_many",
          `This run has ${MOST_AT_ONCE} requests under way; it may ask again when one has ended.`,
        );
      within.set(run, others + 1);
      try {
        return await answer();
      } finally {
        const left = (within.get(run) ?? 1) - 1;
        if (left > 0) within.set(run, left);
        else within.delete(run);
      }
    },
  };
}
