import { setTimeout as sleep } from "node:timers/promises";

import type { V1Job, V1Pod } from "@kubernetes/client-node";

import type { Api } from "./create.ts";
import { podsOf } from "./remove.ts";

/** Asks for the pods of Jobs that have ended, where a watch is late to tell of them. */
export interface Asker {
  /** Once for each Job, until there is an answer. */
  ask(job: V1Job): void;
  /** Whether there was an answer for the Job of that uid. */
  hasAnswer(uid: string): boolean;
  drop(uid: string): void;
  close(): void;
}

interface AskerPorts {
  api: Pick<Api, "core">;
  /** Whether the end of the pods of that Job isn't known yet. */
  isNeeded(uid: string): boolean;
  answered(job: V1Job, pods: V1Pod[]): void;
}

/** The news of a Job and of its pod come by two watches: mostly the pod's is only this late. */
const LATE_MS = 1000;
const AGAIN_MOST_MS = 30_000;

export function openAsker({ api, isNeeded, answered }: AskerPorts): Asker {
  const asked = new Map<string, "asked" | "answered">();
  const closing = new AbortController();
  const ask = async (job: V1Job): Promise<void> => {
    const { uid = "" } = job.metadata ?? {};
    for (let pause = LATE_MS; asked.has(uid); pause = Math.min(2 * pause, AGAIN_MOST_MS)) {
      await sleep(pause, undefined, { signal: closing.signal });
      if (!isNeeded(uid)) return;
      const listed = await podsOf(api, job).catch(() => null);
      if (!listed || !asked.has(uid)) continue;
      asked.set(uid, "answered");
      return answered(job, listed);
    }
  };
  return {
    ask: (job) => {
      const uid = job.metadata?.uid ?? "";
      if (asked.has(uid)) return;
      asked.set(uid, "asked");
      // Nothing but the end of waiting is thrown.
      void ask(job).catch(() => {});
    },
    hasAnswer: (uid) => asked.get(uid) === "answered",
    drop: (uid) => void asked.delete(uid),
    close: () => closing.abort(),
  };
}
