import type { Redis } from "ioredis";

/** Which issue, in ids that survive renames. */
interface RevisionOf {
  prefix: string;
  repositoryId: number;
  issue: number;
}

/** A stale answer is one in a row only if the one before it was this recent. */
const ROW_SECONDS = 60;
const TIMES = 3;

/** GitHub answered with an older state than the one that was written last: reads lag writes. Look again after `ms`. */
export class Stale extends Error {
  readonly ms = 2000;
  constructor(seen: number | null, written: number) {
    super(`GitHub shows revision ${seen ?? "none"} of the state, ${written} was written: again in 2 s.`);
    this.name = "Stale";
  }
}

/** Where the revision that was written last is remembered, in Redis. `prefix` begins all of this app's keys. */
export const revisionKey = (prefix: string, repositoryId: number, issue: number): string =>
  `${prefix}:rev:${repositoryId}:${issue}`;

/** The revision that was written last, as far as Redis remembers. */
export async function writtenRevision(redis: Redis, of: RevisionOf): Promise<number | null> {
  const written = await redis.get(revisionKey(of.prefix, of.repositoryId, of.issue));
  return written === null ? null : Number(written);
}

/**
 * Whether `seen` (null: there is no state) is older than what was written. The first three times in a row this throws
 * `Stale`; then it is true, and GitHub's state is to be taken for what it is (design §2).
 */
export async function isStale(redis: Redis, of: RevisionOf, seen: number | null): Promise<boolean> {
  const written = await writtenRevision(redis, of);
  const row = `${of.prefix}:stale:${of.repositoryId}:${of.issue}`;
  if (written === null || (seen !== null && seen >= written)) {
    await redis.del(row);
    return false;
  }
  const times = await redis.incr(row);
  await redis.expire(row, ROW_SECONDS);
  if (times <= TIMES) throw new Stale(seen, written);
  return true;
}
