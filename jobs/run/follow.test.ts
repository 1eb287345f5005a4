import { Queue } from "bullmq";
import { pino } from "pino";
import type { Logger } from "pino";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";

import type { Line } from "../../agent-pod/contract/lines.ts";
import { demoBrief } from "../../agent-pod/runner/testing/brief.ts";
import { openTestRedis } from "../../test/redis.ts";
import type { TestRedis } from "../../test/redis.ts";
import type { QueueHome } from "../../app/bell.ts";
import type { RunOrder } from "../advance/decide/effects.ts";
import type { Cluster, SeenLine, SeenRun } from "./cluster/cluster.ts";
import { runWorker } from "./follow.ts";
import type { RunWorker } from "./follow.ts";
import { heldBack } from "./walls.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await openTestRedis();
});
beforeEach(async () => {
  await redis.client.flushall();
});
afterAll(() => redis.close());

const labels = {
  repository: "acme/shop",
  repositoryId: 1,
  installationId: 5,
  issue: 12,
  task: "t",
  attempt: 1,
};
const order: RunOrder & { kind: "agent" } = {
  kind: "agent",
  name: "run-1",
  labels,
  minutes: 5,
  purpose: "implement",
  brief: demoBrief("c".repeat(40)),
  image: null,
  size: null,
  terms: {
    git: { ref: "refs/heads/agent/12/t", known: [], base: "refs/heads/main", mayTouch: [], protected: [] },
    llm: { models: ["m"], budget: 100 },
    hosts: [],
  },
};

const home = (): QueueHome => ({ connection: { url: redis.url }, prefix: "cx:bull" });

/** A cluster with these runs, which follows them so. */
const clusterOf = (runs: SeenRun[], follow: Cluster["follow"], calls: string[] = []): Cluster => ({
  list: async () => runs,
  ensure: async ({ name }) => void calls.push(`ensure ${name}`),
  follow,
  remember: async (name) => void calls.push(`remember ${name}`),
  stop: async () => {},
  forget: async () => {},
  watch: async () => async () => {},
});

const startWorker = (cluster: Cluster, log = pino({ level: "silent" })): RunWorker =>
  runWorker(
    {
      redis: redis.client,
      prefix: "cx",
      cluster,
      planner: { assess: () => Promise.reject(new Error("nothing is planned here")) },
      bell: { ring: async () => {}, alarm: async () => {}, close: async () => {} },
      appId: 7,
      passKey: Buffer.alloc(32),
      leaseKeyBytes: Buffer.alloc(32),
      mint: async () => "token",
      log,
    },
    home(),
  );

/** As effects add them. */
const OPTIONS = { attempts: 5, removeOnComplete: true, removeOnFail: true };

/** Follows a run that prints these lines to its end, which was there before or is started now. */
async function followed(lines: SeenLine[], before: SeenRun[] = [], log?: Logger): Promise<string[]> {
  const calls: string[] = [];
  const printed: Cluster["follow"] = async function* () {
    yield* lines;
  };
  const queue = new Queue("run", home());
  await queue.add("run", order, { jobId: order.name, ...OPTIONS });
  const worker = startWorker(clusterOf(before, printed, calls), log);
  await vi.waitFor(async () => expect(await queue.getJob(order.name)).toBeUndefined(), 10_000);
  await worker.close();
  await queue.close();
  return calls;
}

const reached: Line = { n: 0, kind: "walls", open: true, text: "DNS at 10.96.0.10:53 by UDP" };
const said: Line = { n: 1, kind: "said", text: "hello" };
const seen: SeenRun = {
  name: order.name,
  labels: { ...labels, purpose: "implement" },
  startedAt: new Date(),
  spent: 0,
  state: { kind: "running" },
};

test("a run whose pod reached what it mustn't keeps all others from starting", async () => {
  expect(await followed([reached, said])).toContain("ensure run-1");
  expect(await heldBack(redis.client, "cx")).toMatchObject({ reached: "DNS at 10.96.0.10:53 by UDP" });
});

test("one whose pod is held back lets them start again", async () => {
  await followed([reached]);
  await followed([{ ...reached, open: false, text: "" }, said]);
  expect(await heldBack(redis.client, "cx")).toBeNull();
});

test("of a run that was there before it is believed that it isn't held back, and not that it is", async () => {
  await followed([reached], [seen]);
  expect(await heldBack(redis.client, "cx")).not.toBeNull();
  await followed([{ ...reached, open: false, text: "" }], [seen]);
  expect(await heldBack(redis.client, "cx")).not.toBeNull();
});

test("how many lines were lost to rotation is logged where debugging isn't", async () => {
  const logged: unknown[] = [];
  const log = pino(
    { level: "info", base: null, timestamp: false },
    { write: (line: string) => void logged.push(JSON.parse(line)) },
  );
  const lost = (n: number, lines: number): SeenLine => ({
    n,
    kind: "lost",
    lines,
    text: `${lines} lines lost`,
  });
  await followed([reached, lost(3, 3), { ...said, n: 4 }, lost(6, 2), { ...said, n: 7 }], [], log);
  expect(logged).toEqual([{ level: 40, run: "run-1", lines: 5, msg: "lines of a run were lost" }]);
  await followed([reached, said], [], log);
  expect(logged).toHaveLength(1);
});

test("a follower that is told to end gives its jobs back, however often that happens", async () => {
  const names = Array.from({ length: 20 }, (_, n) => `run-${n}`);
  const queue = new Queue("run", home());
  for (const name of names) await queue.add("run", { ...order, name }, { jobId: name, ...OPTIONS });
  for (let round = 0; round < 3; round++) {
    const at = new Set<string>();
    // Fails as soon as it is told to end, before anything else hears of that.
    const untilTold: Cluster["follow"] = (name, _, signal) => ({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          at.add(name);
          return new Promise((_, reject) =>
            signal.addEventListener("abort", () => reject(new Error("told to end"))),
          );
        },
      }),
    });
    const worker = startWorker(clusterOf([], untilTold));
    await vi.waitFor(() => expect([...at]).toEqual(expect.arrayContaining(names)), 20_000);
    await worker.close();
    for (const name of names) {
      const job = await queue.getJob(name);
      expect(await job?.getState()).toBe("active");
      expect(job).toMatchObject({ attemptsMade: 0, stalledCounter: round });
      // As if the 10 s of its lock were over.
      await redis.client.del(`cx:bull:run:${name}:lock`);
    }
  }
  const worker = startWorker(clusterOf([], async function* () {}));
  await vi.waitFor(async () => expect(await queue.getJobCountByTypes()).toBe(0), 20_000);
  await worker.close();
  await queue.close();
}, 60_000);
