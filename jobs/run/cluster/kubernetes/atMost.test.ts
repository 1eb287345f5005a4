import { expect, test } from "vitest";

import { atMost } from "./atMost.ts";

test("at most so many are done at once, in their order; one that fails makes room too", async () => {
  const inTurn = atMost(2);
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
  const begun: number[] = [];
  const all = ends.map(({ promise }, at) =>
    inTurn(() => {
      begun.push(at);
      return promise;
    }),
  );
  const settled = Promise.allSettled(all);
  expect(begun).toEqual([0, 1]);
  ends[1]?.reject(new Error("It failed."));
  await expect(all[1]).rejects.toThrow("It failed.");
  expect(begun).toEqual([0, 1, 2]);
  for (const [at, { resolve }] of ends.entries()) resolve(at);
  expect((await settled).map((each) => each.status === "fulfilled" && each.value)).toEqual([
    0,
    false,
    2,
    3,
    4,
  ]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(await inTurn(async () => "again")).toBe("again");
});
