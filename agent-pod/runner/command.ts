import { endChild, startChild } from "./child.ts";

const TAIL_CHARS = 16_000;
const KILL_GRACE_MS = 3_000;

export interface CommandEnd {
  /** Its exit code; null if a signal ended it. */
  code: number | null;
  /** The end of what it printed, both streams as they came. */
  tail: string;
  /** `signal` was aborted before it ended by itself. */
  stopped: boolean;
}

/**
 * Runs a shell command of the repository to its end. What it leaves running in the background may stay (a database for
 * the tests): its end counts, not its pipes'. Throws only if no shell could be started.
 */
export async function runShell(
  script: string,
  options: {
    cwd: string;
    env: Record<string, string>;
    signal: AbortSignal;
    onOutput: (text: string) => void;
  },
): Promise<CommandEnd> {
  const child = startChild(["bash", "-c", script], options);
  let tail = "";
  const take = (text: string): void => {
    tail = (tail + text).slice(-TAIL_CHARS);
    options.onOutput(text);
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  child.stdin.end();
  const stop = (): void => void endChild(child, KILL_GRACE_MS);
  options.signal.addEventListener("abort", stop, { once: true });
  if (options.signal.aborted) stop();
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      // The pipes end a little after the process; a background child may hold them open for ever.
      child.once("exit", (code) => setTimeout(() => resolve(code), 50));
      child.once("close", (code) => resolve(code));
    });
    return { code, tail, stopped: options.signal.aborted };
  } finally {
    options.signal.removeEventListener("abort", stop);
    // Read on, to nowhere: what it left running would die of a closed pipe.
    child.stdout.off("data", take).resume();
    child.stderr.off("data", take).resume();
  }
}
