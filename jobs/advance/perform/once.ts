import type { PerformPorts } from "./ports.ts";
import { repo } from "./ports.ts";

/** Longer than GitHub's reads lag its writes. */
const LAG_SECONDS = 120;

/**
 * Creates a comment that carries `marker`, unless that was done a moment ago: reads from GitHub lag writes, so that the
 * look which asked for it may have been too early to see it. It is a hint, no promise: of two the older counts.
 * Returns whether it was created now.
 */
export async function once(
  ports: PerformPorts,
  marker: string,
  create: () => Promise<unknown>,
): Promise<boolean> {
  const { owner, repo: name } = repo(ports);
  const key = `${ports.prefix}:posted:${owner}/${name}#${ports.snapshot.issue.number}:${marker}`;
  if ((await ports.redis.set(key, "1", "EX", LAG_SECONDS, "NX")) === null) return false;
  try {
    await create();
    return true;
  } catch (error) {
    await ports.redis.del(key);
    throw error;
  }
}
