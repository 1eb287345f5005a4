import { Queue } from "bullmq";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { Later } from "../../app/bucket.ts";
import { parseSettings } from "../../app/config/repository.ts";
import { openTestRedis } from "../../test/redis.ts";
import type { TestRedis } from "../../test/redis.ts";
import type { Snapshot } from "../advance/decide/snapshot.ts";
import type { SeenRun } from "./cluster/cluster.ts";
import { openSlots } from "./slots.ts";
import type { Slots } from "./slots.ts";

let redis: TestRedis;
let cluster: Map<string, SeenRun>;
let runs: Queue;
let slots: Slots;

beforeAll(async () => {
  redis = await openTestRedis();
});
beforeEach(async () => {
  await redis.client.flushall();
  vi.useFakeTimers({ toFake: ["Date"] });
  cluster = new Map();
  runs = new Queue("run", { connection: { url: redis.url } });
  slots = slotsOf(3);
  return async () => {
    vi.useRealTimers();
    await runs.close();
  };
});
afterAll(() => redis.close());

/** Those of another replica have the same Redis and cluster. */
const slotsOf = (maxRuns: number): Slots =>
  openSlots({
    redis: redis.client,
    prefix: "cx",
    cluster: { list: async () => [...cluster.values()] },
    runs,
    maxRuns,
  });

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

function repositoryOf(id: number, limit = 10): Snapshot["repository"] {
  const parsed = parseSettings(`limits:\n  repository: ${limit}\n`);
  if ("errors" in parsed) throw new Error("these settings are right");
  const settings = { kind: "valid" as const, settings: parsed.settings };
  return { id, owner: "acme", name: `r${id}`, base: null, settings, archived: false, labels: {} };
}

const shop = repositoryOf(1);
const subject = (number: number, repository = shop) => ({
  kind: "issue" as const,
  installationId: 5,
  owner: "acme",
  name: repository.name,
  number,
});
const room = (number: number, begun: string[] = [], repository = shop) =>
  slots.room({ subject: subject(number, repository), repository, begun });
const wait = (number: number, wants: number, repository = shop) =>
  slots.wait({ subject: subject(number, repository), repository }, wants);
const turns = async (number: number) =>
  (await slots.turns(subject(number))).map((each) => each.number).sort((a, b) => a - b);

function labelsOf(issue: number, repositoryId = 1, installationId = 5) {
  const repository = `acme/r${repositoryId}`;
  const of = { repository, repositoryId, installationId, issue, task: "t", attempt: 1 };
  return { ...of, purpose: "implement" as const };
}
const claim = (name: string, issue: number, repository = shop) =>
  slots.claim({ name, labels: labelsOf(issue) }, repository);
/** A run that the cluster has. */
const starts = (name: string, issue: number, labels = labelsOf(issue)) =>
  void cluster.set(name, { name, labels, startedAt: new Date(), state: { kind: "running" }, spent: 0 });
function ends(name: string): void {
  const run = cluster.get(name)!;
  cluster.set(name, {
    ...run,
    state: { kind: "lost", at: new Date(), say: "It crashed.", reason: "crashed" },
  });
}

describe("a slot", () => {
  it("is taken by whoever comes first: of all that ask at once no more get one than there are", async () => {
    const other = slotsOf(3);
    const asked = Array.from({ length: 20 }, (_, at) =>
      (at % 2 ? slots : other).claim({ name: `r${at}`, labels: labelsOf(at) }, shop),
    );
    const results = await Promise.allSettled(asked);
    expect(results.filter((each) => each.status === "fulfilled")).toHaveLength(3);
    expect(results.find((each) => each.status === "rejected")?.reason).toBeInstanceOf(Later);
  });

  it("is the run's, however often it asks, and once it is at work", async () => {
    for (const name of ["a", "b", "c", "a"]) await claim(name, 1);
    starts("a", 1);
    await redis.client.flushall();
    for (const name of ["b", "c"]) starts(name, 1);
    await expect(claim("a", 1)).resolves.toBeUndefined();
    await expect(claim("d", 1)).rejects.toThrow("As many agents are at work as may be: again in 5 s.");
  });

  it("is free again when the run has ended, or was given back", async () => {
    for (const name of ["a", "b", "c"]) await claim(name, 1);
    starts("a", 1);
    ends("a");
    await claim("d", 1);
    await expect(claim("e", 1)).rejects.toThrow(Later);
    await slots.free(5, "b");
    await claim("e", 1);
  });

  it("of a run that nobody starts is free after a minute; one that is still to be started keeps it", async () => {
    for (const name of ["a", "b", "c"]) await claim(name, 1);
    await runs.add("run", {}, { jobId: "b" });
    later(61_000);
    await claim("d", 1);
    await claim("e", 1);
    await expect(claim("f", 1)).rejects.toThrow(Later);
  });

  it("is one of the repository's too", async () => {
    const small = repositoryOf(1, 2);
    await claim("a", 1, small);
    starts("b", 2);
    await expect(claim("c", 1, small)).rejects.toThrow(Later);
    slots = slotsOf(1);
    await expect(claim("c", 1)).rejects.toThrow(Later);
  });

  it("is another installation's where the run is", async () => {
    for (const name of ["a", "b", "c"]) starts(name, 1, labelsOf(1, 9, 6));
    expect(await room(1)).toBe(3);
  });
});

describe("the room of an issue", () => {
  it("is what is free, less what its state began and isn't at work yet", async () => {
    expect(await room(1)).toBe(3);
    await claim("a", 2);
    expect(await room(1, ["b"])).toBe(1);
    await claim("b", 1);
    expect(await room(1, ["b"])).toBe(1);
    starts("b", 1);
    expect(await room(1, ["b"])).toBe(1);
  });

  it("is none where the repository's settings can't be read", async () => {
    expect(await room(1, [], { ...shop, settings: { kind: "invalid", errors: [] } })).toBe(0);
  });

  it("leaves a free slot to the issue with fewer runs at work that waits for it", async () => {
    for (const name of ["a", "b"]) starts(name, 1);
    await wait(2, 1);
    expect([await room(1), await room(2)]).toEqual([0, 1]);
    await wait(2, 0);
    expect(await room(1)).toBe(1);
  });

  it("is its own where it waits the longest", async () => {
    slots = slotsOf(1);
    await wait(2, 1);
    later(1000);
    await wait(1, 1);
    later(1000);
    await wait(2, 4);
    expect([await room(1), await room(2)]).toEqual([0, 1]);
  });
});

describe("whose turn it is", () => {
  it("is nobody's while nothing is free, then the next one's", async () => {
    for (const name of ["a", "b", "c"]) starts(name, 1);
    await wait(1, 2);
    await wait(2, 2);
    await wait(3, 2);
    expect(await turns(1)).toEqual([]);
    ends("a");
    expect(await turns(1)).toEqual([2]);
    ends("b");
    expect(await turns(1)).toEqual([2, 3]);
    expect(await turns(2)).toEqual([3]);
  });

  it("is no longer that of an issue that is gone", async () => {
    await wait(2, 1);
    await slots.leave(subject(2));
    expect(await turns(1)).toEqual([]);
  });

  it("passes to others where one doesn't come; it is told again, and holds nobody back", async () => {
    slots = slotsOf(1);
    await wait(2, 1);
    await wait(3, 1);
    expect(await turns(1)).toEqual([2]);
    expect(await room(3)).toBe(0);
    later(61_000);
    expect(await room(3)).toBe(1);
    expect(await turns(1)).toEqual([2, 3]);
    await wait(2, 1);
    expect(await room(3)).toBe(0);
  });

  it("comes in the words that a ring needs", async () => {
    await wait(2, 1);
    expect(await slots.turns(subject(1))).toEqual([subject(2)]);
  });
});
