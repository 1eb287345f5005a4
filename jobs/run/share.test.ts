import { describe, expect, it } from "vitest";

import { share } from "./share.ts";
import type { Waiter } from "./share.ts";

/** `a1` is issue 1 of repository a. */
const place = (issue: string) => ({ issue, repository: issue[0]! });
const waits = (issue: string, given: Partial<Waiter> = {}): Waiter => ({
  ...place(issue),
  limit: 100,
  wants: 100,
  since: 0,
  ...given,
});

interface Case {
  max: number;
  atWork: string[];
  waiting: Waiter[];
  gives: Record<string, number>;
}

describe("the free slots", () => {
  it.each<[string, Case]>([
    ["nobody waits", { max: 5, atWork: ["a1"], waiting: [], gives: {} }],
    [
      "one takes what it wants",
      { max: 5, atWork: [], waiting: [waits("a1", { wants: 3 })], gives: { a1: 3 } },
    ],
    [
      "and no more than there is",
      { max: 5, atWork: ["a1", "a1", "b1"], waiting: [waits("a1")], gives: { a1: 2 } },
    ],
    ["none is free", { max: 2, atWork: ["a1", "b1"], waiting: [waits("a2")], gives: {} }],
    ["more are at work than may be now", { max: 1, atWork: ["a1", "b1"], waiting: [waits("a2")], gives: {} }],
    [
      "a repository's limit counts the runs of all its issues",
      {
        max: 9,
        atWork: ["a1", "a2"],
        waiting: [waits("a3", { limit: 3 }), waits("b1", { limit: 1 })],
        gives: { a3: 1, b1: 1 },
      },
    ],
    [
      "the one with fewer runs comes first, though it came last",
      {
        max: 4,
        atWork: ["a1", "a1", "b1"],
        waiting: [waits("a1"), waits("b1", { since: 9 })],
        gives: { b1: 1 },
      },
    ],
    [
      "of two with as many the one that has waited longer",
      {
        max: 1,
        atWork: [],
        waiting: [waits("a1", { since: 2 }), waits("a2", { since: 1 })],
        gives: { a2: 1 },
      },
    ],
    [
      "of two since the same moment always the same",
      { max: 1, atWork: [], waiting: [waits("b1"), waits("a1")], gives: { a1: 1 } },
    ],
    [
      "they go one by one, until all have as many",
      {
        max: 9,
        atWork: ["a1", "a1", "a1"],
        waiting: [waits("a1"), waits("b1"), waits("c1", { wants: 1 })],
        gives: { a1: 1, b1: 4, c1: 1 },
      },
    ],
    [
      "one that wants nothing any more gets nothing",
      {
        max: 3,
        atWork: [],
        waiting: [waits("a1", { wants: 0 }), waits("b1", { wants: 1 })],
        gives: { b1: 1 },
      },
    ],
    [
      "one that is held by its repository doesn't hold the others",
      {
        max: 3,
        atWork: ["a1"],
        waiting: [waits("a2", { limit: 1 }), waits("b1", { since: 5, wants: 2 })],
        gives: { b1: 2 },
      },
    ],
  ])("%s", (_, { max, atWork, waiting, gives }) => {
    expect(Object.fromEntries(share(max, atWork.map(place), waiting))).toEqual(gives);
  });
});
