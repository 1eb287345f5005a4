import { describe, expect, test } from "vitest";

import { testRedis } from "./look/testRedis.ts";
import { isStale, revisionKey, Stale, writtenRevision } from "./revision.ts";

const redis = testRedis();
const of = { prefix: "coxswain:7", repositoryId: 4711, issue: 12 };
const write = (revision: number) => redis().set(revisionKey("coxswain:7", 4711, 12), revision);

describe("a revision", () => {
  test("is what was written, or unknown", async () => {
    expect(await writtenRevision(redis(), of)).toBeNull();
    await write(5);
    expect(await writtenRevision(redis(), of)).toBe(5);
    expect(await writtenRevision(redis(), { ...of, issue: 13 })).toBeNull();
  });

  test.each([
    ["nothing was written", null, 3],
    ["nothing was written, nor is there a state", null, null],
    ["it is the one that was written", 5, 5],
    ["it is newer than the one that is remembered", 5, 6],
  ])("is not stale when %s", async (_, revision, seen) => {
    if (revision !== null) await write(revision);
    expect(await isStale(redis(), of, seen)).toBe(false);
  });

  test.each([
    ["older", 4, "GitHub shows revision 4 of the state, 5 was written: again in 2 s."],
    ["missing", null, "GitHub shows revision none of the state, 5 was written: again in 2 s."],
  ])("that is %s is looked at again three times, then taken", async (_, seen, message) => {
    await write(5);
    for (let time = 1; time <= 3; time++) await expect(isStale(redis(), of, seen)).rejects.toThrow(message);
    expect(await isStale(redis(), of, seen)).toBe(true);
    expect(await isStale(redis(), of, seen)).toBe(true);
  });

  test("that was right in between begins a new row", async () => {
    await write(5);
    for (const seen of [4, 4, 4])
      await expect(isStale(redis(), of, seen)).rejects.toMatchObject({ ms: 2000 });
    expect(await isStale(redis(), of, 5)).toBe(false);
    await expect(isStale(redis(), of, 4)).rejects.toBeInstanceOf(Stale);
  });

  test("counts its row for each issue, and not for ever", async () => {
    await write(5);
    await expect(isStale(redis(), of, 4)).rejects.toThrow("again in 2 s");
    expect(await isStale(redis(), { ...of, issue: 13 }, 4)).toBe(false);
    const ttl = await redis().ttl("coxswain:7:stale:4711:12");
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(60);
  });
});
