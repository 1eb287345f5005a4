import type { ModelFailure } from "./ask.ts";

const MOST_RUNS = 1_000;

/**
 * How each run's last request to the model failed, if the model wasn't there or refused the key: agents keep such an error to
 * themselves, and their runner asks afterwards.
 */
export interface Troubles {
  remember(run: string, failure: ModelFailure): void;
  clear(run: string): void;
  /** Throws the failure that is remembered. */
  check(run: string): void;
}

export function troubles(): Troubles {
  const last = new Map<string, ModelFailure>();
  return {
    remember: (run, failure) => {
      if (failure.code === "model_error") return;
      const [oldest] = last.keys();
      if (oldest !== undefined && last.size >= MOST_RUNS) last.delete(oldest);
      last.set(run, failure);
    },
    clear: (run) => void last.delete(run),
    check: (run) => {
      const failure = last.get(run);
      if (failure) throw failure;
    },
  };
}
