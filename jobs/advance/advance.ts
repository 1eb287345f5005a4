import { setTimeout as sleep } from "node:timers/promises";

import { Worker } from "bullmq";
import type { Job, Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";

import type { Choices } from "../../app/config/choices.ts";
import type { Bell, QueueHome } from "../../app/bell.ts";
import { Later } from "../../app/bucket.ts";
import type { Installation } from "../../app/github.ts";
import { subjectKey } from "../../app/subject.ts";
import type { IssueSubject, Subject } from "../../app/subject.ts";
import { issueOfBranch } from "../../app/webhooks.ts";
import type { Cluster, SeenRun } from "../run/cluster/cluster.ts";
import { readSpent } from "../run/lease.ts";
import type { Slots } from "../run/slots.ts";
import { actorsThatCount, approversThatCount } from "./decide/actors.ts";
import { decide } from "./decide/decide.ts";
import type { Decision } from "./decide/effects.ts";
import type { Snapshot } from "./decide/snapshot.ts";
import { live } from "./live.ts";
import { waitingPlans } from "./waitingPlans.ts";
import { holdLock } from "./lock.ts";
import { look } from "./look/look.ts";
import { perform } from "./perform/perform.ts";
import { readResult } from "../run/result.ts";
import { Stale } from "./revision.ts";

/** Everything that looking and performing need. */
export interface AdvancePorts {
  app: { id: number; slug: string };
  redis: Redis;
  prefix: string;
  cluster: Cluster;
  runs: Queue;
  slots: Slots;
  bell: Bell;
  github(installationId: number): Promise<Installation>;
  stateKey: Buffer;
  /** Of the private key before, while that is rotated. */
  previousStateKey?: Buffer;
  model: string;
  choices: Choices;
  clock(): Date;
  log: Logger;
}

/** So long a look that failed waits before the next, by how often it failed in a row. */
const RETRY_MS = [2000, 10_000, 60_000, 300_000];

/** So soon a look is tried anew whose slot was taken meanwhile. */
const TAKEN_MS = 1000;

/** The one worker that acts: each job looks at one subject, decides and performs (design §1). */
export function advanceWorker(ports: AdvancePorts, home: QueueHome): Worker {
  const worker = new Worker<Subject>("advance", (job, token) => advanceJob(job, token ?? "", ports), {
    ...home,
    concurrency: 8,
    // A killed worker is replaced in about 10 s.
    lockDuration: 10_000,
    stalledInterval: 5000,
    maxStalledCount: 1_000_000,
  });
  worker.on("error", (error) => ports.log.warn({ error: error.message }, "the queue can't be reached"));
  return worker;
}

/** The worker of the second queue: an alarm's only act is to ring. */
export function alarmWorker(bell: Bell, home: QueueHome, log: Logger): Worker {
  const worker = new Worker<Subject>("alarm", (job) => bell.ring(job.data), {
    ...home,
    concurrency: 8,
    lockDuration: 10_000,
    stalledInterval: 5000,
    maxStalledCount: 1_000_000,
  });
  worker.on("error", (error) => log.warn({ error: error.message }, "the queue can't be reached"));
  return worker;
}

/** Returns what happened, in a line of JSON: `npm run advance` prints it. */
async function advanceJob(job: Job<Subject>, token: string, ports: AdvancePorts): Promise<string> {
  const subject = job.data;
  if (subject.kind === "repository") {
    const numbers = await live(ports.redis, ports.prefix).of(subject);
    await Promise.all(numbers.map((number) => ports.bell.ring({ ...subject, kind: "issue", number })));
    return JSON.stringify({ rang: numbers });
  }
  const lock = await holdLock(
    ports.redis,
    `${ports.prefix}:advancing:${subjectKey(subject)}`,
    `${job.id}:${token}`,
  );
  if (!lock) {
    // After Redis was emptied two jobs of one issue may run: the second waits for the first, which sets the alarm.
    await sleep(2000);
    await ports.bell.ring(subject);
    return JSON.stringify({ issue: subjectKey(subject), waits: "another look at it is under way" });
  }
  try {
    const decision = await advance(subject, ports, async () => {
      await job.extendLock(token, 10_000);
      await lock.still();
    });
    const { phase = null, effects = [], why = ["not an issue of ours"], again = null } = decision ?? {};
    return JSON.stringify({
      issue: subjectKey(subject),
      phase,
      effects: effects.map((each) => each.kind),
      why,
      again,
    });
  } catch (error) {
    return await postpone(subject, ports, error);
  } finally {
    await lock.release();
  }
}

/** Looks, decides and performs once. Returns what was decided, or null where there is nothing of ours. */
async function advance(
  subject: IssueSubject,
  ports: AdvancePorts,
  still: () => Promise<void>,
): Promise<Decision | null> {
  const plans = waitingPlans(ports.redis, ports.prefix);
  const snapshot = await lookAt(subject, ports);
  if (!snapshot) {
    await Promise.all([ports.slots.leave(subject), plans.set(subject, null)]);
    return null;
  }
  const decision = decide(snapshot, ports.clock());
  // First: where it fails, the issue keeps its place among those that wait.
  await takeSlots(decision, snapshot, ports);
  // Before anything is done, which may fail: a slot that is free now may be another issue's.
  await ports.slots.wait({ subject, repository: snapshot.repository }, decision.wants);
  const github = await ports.github(subject.installationId);
  const left = await perform(decision.effects, { ...ports, github, snapshot }, still);
  await live(ports.redis, ports.prefix).set(subject, isLive(decision));
  await plans.set(subject, decision.awaits ? (snapshot.planComment?.comment.nodeId ?? null) : null);
  await Promise.all((await ports.slots.turns(subject)).map((each) => ports.bell.ring(each)));
  const again = soonest(decision.again, left === null ? null : new Date(ports.clock().getTime() + left));
  await lookAgain(subject, ports, again);
  await ports.redis.del(failuresKey(ports, subject));
  const effects = decision.effects.map((effect) => effect.kind);
  ports.log.info(
    { issue: subjectKey(subject), phase: decision.phase, effects, why: decision.why, again },
    "advanced",
  );
  return decision;
}

/**
 * Takes the slots of new runs before they are written down: one that is, and has none, could only ask for it again and again.
 * Throws `Later` where another issue was first: the next look finds less room, and waits for its turn.
 */
async function takeSlots({ effects }: Decision, snapshot: Snapshot, { slots }: AdvancePorts): Promise<void> {
  const orders = effects.flatMap((each) =>
    each.kind === "run" && each.order.kind === "agent" ? [each.order] : [],
  );
  const { status } = snapshot;
  const begun = new Set(status.kind === "found" ? status.state.runs.map(({ name }) => name) : []);
  const fresh = orders.filter(({ name }) => !begun.has(name));
  const taken = await Promise.allSettled(fresh.map((order) => slots.claim(order, snapshot.repository)));
  const failed = taken.find((each) => each.status === "rejected");
  if (!failed) return;
  const { installationId } = snapshot;
  await Promise.all(fresh.map(({ name }) => slots.free(installationId, name)));
  if (!(failed.reason instanceof Later)) throw failed.reason;
  throw new Later(TAKEN_MS, "Another issue took the place of an agent");
}

const soonest = (a: Date | null, b: Date | null): Date | null => (a && b ? (a < b ? a : b) : (a ?? b));

/** At once, by an alarm, or not before an event. */
async function lookAgain(
  subject: IssueSubject,
  { bell, clock }: AdvancePorts,
  at: Date | null,
): Promise<void> {
  const wait = at && at.getTime() - clock().getTime();
  if (wait !== null && wait <= 0) return bell.ring(subject);
  await bell.alarm(subject, wait === null ? null : new Date(Date.now() + wait));
}

/** Phases that an event may still move on. */
const isLive = ({ phase }: Decision): boolean => phase !== null && phase !== "done" && phase !== "stopped";

/** The snapshot; null where the subject is gone, or is a pull request whose issue was rung instead. */
export async function lookAt(subject: IssueSubject, ports: AdvancePorts): Promise<Snapshot | null> {
  const seen = await look(subject, {
    ...ports,
    github: await ports.github(subject.installationId),
    actors: actorsThatCount,
    approvers: approversThatCount,
    room: (of) => ports.slots.room(of),
    followed: async (names) => {
      const jobs = await Promise.all(names.map((name) => ports.runs.getJob(name)));
      return names.filter((_, at) => jobs[at]);
    },
    result: (name) => readResult(ports.redis, ports.prefix, name),
  });
  if (!("kind" in seen))
    return { ...seen, runs: await Promise.all(seen.runs.map((run) => withSpent(run, ports))) };
  const number = seen.kind === "pull" && seen.branch ? issueOfBranch(seen.branch) : null;
  if (number !== null) await ports.bell.ring({ ...subject, number });
  return null;
}

/** The gate counts; what the cluster remembers is from the last renewal, and stays when Redis is lost. */
async function withSpent(run: SeenRun, { redis, prefix }: AdvancePorts): Promise<SeenRun> {
  return { ...run, spent: Math.max(run.spent, await readSpent(redis, prefix, run.name)) };
}

const failuresKey = (ports: AdvancePorts, subject: Subject): string =>
  `${ports.prefix}:failures:${subjectKey(subject)}`;

/** Every retry is an alarm: a delayed `advance` job would hold back an urgent ring. */
async function postpone(subject: IssueSubject, ports: AdvancePorts, error: unknown): Promise<string> {
  const issue = subjectKey(subject);
  if (error instanceof Later || error instanceof Stale) {
    ports.log.info({ issue, again: error.ms }, error.message);
    await ports.bell.alarm(subject, new Date(Date.now() + error.ms));
    return JSON.stringify({ issue, waits: error.message });
  }
  const failures = await ports.redis.incr(failuresKey(ports, subject));
  await ports.redis.expire(failuresKey(ports, subject), 3600);
  const ms = RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? 300_000;
  ports.log.error({ issue, failures, again: ms, err: error }, "a look failed");
  await ports.bell.alarm(subject, new Date(Date.now() + ms));
  return JSON.stringify({ issue, failed: error instanceof Error ? error.message : String(error) });
}
