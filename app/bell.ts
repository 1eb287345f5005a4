import { Queue } from "bullmq";
import { Redis } from "ioredis";

import type { Subject } from "./subject.ts";
import { subjectKey } from "./subject.ts";

/** "Look at this again", now or at a time (design §1). */
export interface Bell {
  /** Looks at it again: one look active and at most one waiting for each subject. */
  ring(subject: Subject): Promise<void>;
  /** Rings at `at`, and not at the time that was said before: the last look knows best. Null takes it back. */
  alarm(subject: Subject, at: Date | null): Promise<void>;
  close(): Promise<void>;
}

/** How BullMQ reaches Redis, and under which prefix. */
export interface QueueHome {
  connection: { url: string };
  prefix: string;
}

/** A ring that can't be written in this time fails, so that the webhook is answered with an error, which GitHub keeps. */
const RING_MS = 5000;

/** The bell of this app. `advance` jobs are never delayed and have no attempts: a delayed one would hold back an urgent ring. */
export async function openBell(home: QueueHome): Promise<Bell> {
  const redis = new Redis(home.connection.url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: RING_MS,
  });
  // Told of by what waits for it; without a listener the process would end.
  redis.on("error", () => {});
  const queue = (name: string) => {
    const opened = new Queue(name, {
      ...home,
      connection: redis,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    opened.on("error", () => {});
    return opened;
  };
  const [advance, alarms] = [queue("advance"), queue("alarm")];
  await Promise.all([advance.waitUntilReady(), alarms.waitUntilReady()]);
  return {
    async ring(subject) {
      // BullMQ would wait for Redis to come back, however long.
      if (redis.status !== "ready") throw new Error("Redis can't be reached: the ring isn't written down.");
      const id = subjectKey(subject);
      await advance.add("advance", subject, { deduplication: { id, keepLastIfActive: true } });
    },
    async alarm(subject, at) {
      const jobId = alarmId(subject);
      const old = await alarms.getJob(jobId);
      const due = old ? old.timestamp + old.delay : 0;
      if (at && due > Date.now() && Math.abs(due - at.getTime()) < SAME_MS) return;
      // One that is ringing right now can't be removed, and a job of its id would be ignored.
      const ringing =
        old !== undefined &&
        (await old.remove().then(
          () => false,
          () => true,
        ));
      const delay = at && Math.max(0, at.getTime() - Date.now());
      if (delay !== null) await alarms.add("alarm", subject, ringing ? { delay } : { jobId, delay });
    },
    async close() {
      await Promise.all([advance.close(), alarms.close()]);
      redis.disconnect();
    },
  };
}

/** Two alarms as close as this are one. */
const SAME_MS = 500;

/** BullMQ forbids `:` in job ids. */
const alarmId = (subject: Subject): string => subjectKey(subject).replaceAll(":", "_");
