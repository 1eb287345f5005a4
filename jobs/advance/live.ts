import type { Redis } from "ioredis";

import type { IssueSubject } from "../../app/subject.ts";

/** Which issues of a repository an event of the whole repository concerns. A cache: the sweep fills it again. */
export interface Live {
  of(repository: { owner: string; name: string }): Promise<number[]>;
  set(issue: IssueSubject, live: boolean): Promise<void>;
}

/** The live issues, in Redis. */
export function live(redis: Redis, prefix: string): Live {
  const key = (of: { owner: string; name: string }) => `${prefix}:live:${of.owner}/${of.name}`.toLowerCase();
  return {
    of: async (repository) => (await redis.smembers(key(repository))).map(Number),
    async set(issue, is) {
      await (is ? redis.sadd(key(issue), issue.number) : redis.srem(key(issue), issue.number));
    },
  };
}
