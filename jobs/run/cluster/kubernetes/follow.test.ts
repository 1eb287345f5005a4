import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import type { SeenLine } from "../cluster.ts";
import { answersOf, followLines } from "./follow.ts";
import type { LogSource } from "./follow.ts";
import { NoLog } from "./log.ts";
import type { LogPart } from "./log.ts";

/** A line as the log API gives it, printed `n` seconds after nine. */
const logged = (n: number, text = `line ${n}`): string =>
  `2026-11-21T09:00:${String(n).padStart(2, "0")}.987654321Z ${JSON.stringify({ n, kind: "said", text })}\n`;

type Reading = (signal: AbortSignal) => AsyncIterable<string>;

/** A run whose log is read in these parts, one connection each; it is over when the last of them begins. */
function source(...readings: Reading[]): LogSource & { parts: LogPart[] } {
  const parts: LogPart[] = [];
  const isOver = (): boolean => parts.length >= readings.length - 1;
  return {
    parts,
    begun: async () => "pod",
    over: async (signal) => {
      while (!isOver()) await sleep(10, undefined, { signal });
    },
    isOver,
    read: async function* (_pod, part, signal) {
      const reading = readings[parts.length];
      parts.push(part);
      for await (const text of reading?.(signal) ?? []) yield Buffer.from(text);
    },
  };
}

const giving = (...texts: string[]): Reading =>
  async function* () {
    yield* texts;
  };
const cutAfter = (...texts: string[]): Reading =>
  async function* () {
    yield* texts;
    throw new Error("read ECONNRESET");
  };

const textsOf = (lines: SeenLine[]): string[] => lines.map((line) => line.text);
const follow = (of: LogSource, from = 0, signal = AbortSignal.timeout(20_000)): Promise<SeenLine[]> =>
  Array.fromAsync(followLines(of, from, signal));

test("after a cut, also within a line, it begins a second before, and drops what it knows", async () => {
  const run = source(
    cutAfter(logged(0), logged(1), logged(2).slice(0, 40)),
    giving(logged(0), logged(1), logged(2), logged(3)),
    giving(logged(2), logged(3)),
  );
  expect(textsOf(await follow(run))).toEqual(["line 0", "line 1", "line 2", "line 3"]);
  expect(run.parts.map(({ follow, since }) => [follow, since?.toISOString() ?? null])).toEqual([
    [true, null],
    [true, "2026-11-21T09:00:00.987Z"],
    [false, "2026-11-21T09:00:02.987Z"],
  ]);
});

test("what a rotated log has lost is said, with a number that rises", async () => {
  const lines = await follow(source(cutAfter(logged(0)), giving(logged(4), logged(6))));
  expect(lines).toEqual([
    { n: 0, kind: "said", text: "line 0" },
    { n: 3, kind: "lost", lines: 3, text: "3 lines lost" },
    { n: 4, kind: "said", text: "line 4" },
    { n: 5, kind: "lost", lines: 1, text: "1 line lost" },
    { n: 6, kind: "said", text: "line 6" },
  ]);
});

test("from a number on nothing before it is told, nor missed", async () => {
  expect(textsOf(await follow(source(giving(logged(0), logged(1), logged(2))), 2))).toEqual(["line 2"]);
});

test("noise, false lines and characters cut in two", async () => {
  const bytes = Buffer.from(logged(1, "größer"));
  const run = source(giving("npm warn\n", "no time\n", logged(0), `2026 {"n":0,"kind":"merged"}\n`));
  const halves = [bytes.subarray(0, bytes.indexOf(0xc3) + 1), bytes.subarray(bytes.indexOf(0xc3) + 1)];
  const read: LogSource["read"] = async function* (pod, part, signal) {
    yield* run.read(pod, part, signal);
    yield* halves;
  };
  expect(textsOf(await follow({ ...run, isOver: () => true, read }))).toEqual(["line 0", "größer"]);
});

test("a connection that goes silent is left once the run is over, and the rest is read", async () => {
  const silent: Reading = async function* (signal) {
    yield logged(0);
    await sleep(60_000, undefined, { signal });
  };
  expect(textsOf(await follow(source(silent, giving(logged(0), logged(1)))))).toEqual(["line 0", "line 1"]);
});

test("a log that is gone with its pod ends the following, and one that never was", async () => {
  const gone: Reading = async function* () {
    yield* [];
    throw new NoLog(404, 'pods "x" not found');
  };
  expect(await follow(source(gone))).toEqual([]);
  expect(await follow({ ...source(gone), begun: async () => null })).toEqual([]);
});

test("a follower that is told to end does, at once, in the middle of silence", async () => {
  const ending = new AbortController();
  const silent: Reading = async function* (signal) {
    yield logged(0);
    await sleep(60_000, undefined, { signal });
  };
  const lines: SeenLine[] = [];
  const started = Date.now();
  for await (const line of followLines(source(silent, silent, silent), 0, ending.signal)) {
    lines.push(line);
    ending.abort();
  }
  expect(lines).toHaveLength(1);
  expect(Date.now() - started).toBeLessThan(1000);
});

test("of several answers to one item the last counts", async () => {
  const answer = (n: number, text: string): string =>
    `2026-11-21T09:00:00Z ${JSON.stringify({ n, kind: "answer", id: "rc1", text })}\n`;
  const run = source(giving(answer(0, "Soon."), logged(1), answer(2, "Done.")));
  expect(await answersOf(run, AbortSignal.timeout(5000))).toEqual({ rc1: "Done." });
});

const walls = (n: number): string =>
  `2026-11-21T09:00:00Z ${JSON.stringify({ n, kind: "walls", open: true, text: "DNS" })}\n`;

test.each<[string, handed: string[], Reading[]]>([
  ["the first of all", ["walls", "said"], [giving(walls(0), logged(1))]],
  ["one that comes later", ["said", "said"], [giving(logged(0), walls(1), logged(2))]],
  ["a second first one", ["said"], [giving(logged(0), walls(0))]],
  ["the first of a rotated log", ["said"], [cutAfter(), giving(walls(0), logged(1))]],
  ["another than number 0", ["lost", "said"], [giving(walls(3), logged(5))]],
])("what a pod showed of the network counts only as the first line: %s", async (_, handed, readings) => {
  const [first, second = giving()] = readings;
  const lines = await follow(source(first!, second));
  expect(lines.map(({ kind }) => kind)).toEqual(handed);
});
