import type { Redis } from "ioredis";

import { subjectKey, subjectOfKey } from "../../app/subject.ts";
import type { IssueSubject } from "../../app/subject.ts";

/** A plan that waits for approval, and the node id of the comment that shows it. */
export interface WaitingPlan {
  subject: IssueSubject;
  comment: string;
}

/** The plans that wait for approval. A cache: after a loss the sweep rings every issue, and each look fills it again. */
export interface WaitingPlans {
  all(): Promise<WaitingPlan[]>;
  /** `comment`: null where no plan of the issue waits. */
  set(subject: IssueSubject, comment: string | null): Promise<void>;
}

/** The waiting plans of all installations, in Redis. */
export function waitingPlans(redis: Redis, prefix: string): WaitingPlans {
  const key = `${prefix}:plans`;
  return {
    async all() {
      const fields = Object.entries(await redis.hgetall(key));
      return fields.flatMap(([field, comment]) => {
        const [, installation = "", name = ""] = /^(\d+):(.*)$/.exec(field) ?? [];
        const subject = subjectOfKey(Number(installation), name);
        return subject ? [{ subject, comment }] : [];
      });
    },
    async set(subject, comment) {
      const field = `${subject.installationId}:${subjectKey(subject)}`;
      await (comment === null ? redis.hdel(key, field) : redis.hset(key, field, comment));
    },
  };
}
