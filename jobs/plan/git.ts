import { spawn } from "node:child_process";
import { once } from "node:events";

/** What a git command printed, and how it ended; `cut` if it was ended before it had printed all. */
export interface Printed {
  code: number | null;
  stdout: Buffer;
  stderr: string;
  cut: boolean;
}

const STDERR_BYTES = 4000;

/**
 * Runs git to its end, until it has printed `limit` bytes, or for `ms` milliseconds. It reads no configuration but `config`, which goes by
 * the environment: arguments are seen by every user of the machine. Pathspecs are taken literally.
 */
export async function git(
  args: readonly string[],
  options: { config?: Record<string, string>; limit: number; ms: number; signal: AbortSignal },
): Promise<Printed> {
  const { config = {}, limit, ms, signal } = options;
  signal.throwIfAborted();
  const child = spawn("git", args, { env: environment(config), stdio: ["ignore", "pipe", "pipe"] });
  const end = () => child.kill("SIGKILL");
  const timer = setTimeout(end, ms);
  signal.addEventListener("abort", end);
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    if (bytes <= limit) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > limit) end();
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = (stderr + String(chunk)).slice(-STDERR_BYTES);
  });
  try {
    const [code] = (await once(child, "close")) as [number | null];
    signal.throwIfAborted();
    return { code, stdout: Buffer.concat(chunks).subarray(0, limit), stderr, cut: code === null };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

/** https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT */
function environment(config: Record<string, string>): NodeJS.ProcessEnv {
  const entries = Object.entries(config);
  return {
    PATH: process.env["PATH"],
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: "http:https",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_CONFIG_COUNT: String(entries.length),
    ...Object.fromEntries(
      entries.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
  };
}
