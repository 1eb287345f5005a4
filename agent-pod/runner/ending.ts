import { RunFailure } from "./failure.ts";

/** Why a run ends before its agent does. */
type Cause = "time" | "stop";

/** Whether the run must come to its end now, and why: its time is over, or a person said so. */
export interface Ending {
  signal: AbortSignal;
  /** Why it is over, or null while it isn't. */
  cause(): Cause | null;
  end(cause: Cause): void;
  /** Milliseconds until its time is over; 0 when it is over. */
  left(): number;
  /** Throws `RunFailure` if it is over; `where` says what was interrupted. */
  throwIfOver(where: string): void;
  /** What `work` comes to, unless it is over first: then it throws as `throwIfOver` does, and `work` is left alone. */
  orOver<T>(work: Promise<T>, where: string): Promise<T>;
}

/** The most that is kept of the run's minutes for committing, testing and pushing what there is. */
const MARGIN_MS = 60_000;

/** An ending for a run of `minutes`, counted from now. */
export function endingAfter(minutes: number): Ending {
  const controller = new AbortController();
  const total = minutes * 60_000;
  const over = Date.now() + total - Math.min(MARGIN_MS, total / 5);
  let cause: Cause | null = null;
  const end = (why: Cause): void => {
    cause ??= why;
    controller.abort();
  };
  setTimeout(() => end("time"), over - Date.now()).unref();
  const throwIfOver = (where: string): void => {
    if (cause === "time")
      throw new RunFailure("time", `It ran past its ${minutes} minutes ${where}; there was nothing to push.`);
    if (cause === "stop")
      throw new RunFailure("stopped", `It was stopped ${where}; there was nothing to push.`);
  };
  return {
    signal: controller.signal,
    cause: () => cause,
    end,
    left: () => (cause ? 0 : Math.max(0, over - Date.now())),
    throwIfOver,
    orOver: async (work, where) => {
      const first = await Promise.race([work.then((done) => ({ done })), aborted(controller.signal)]);
      if (first) return first.done;
      throwIfOver(where);
      return work;
    },
  };
}

/** Resolves when the signal is aborted. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
