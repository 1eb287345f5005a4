import { createHmac, randomBytes } from "node:crypto";
import { deflateRawSync } from "node:zlib";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { SIZES } from "../../app/plan/plan.ts";
import type { Plan } from "../../app/plan/plan.ts";
import { RunRecord, firstState } from "./decide/state.ts";
import type { State } from "./decide/state.ts";
import { printStatus, readStatus } from "./statusComment.ts";

const home = { appId: 7, repositoryId: 4711, issue: 12, key: Buffer.alloc(32, 1) };

const runs = fc.record({
  name: fc.string(),
  purpose: fc.constantFrom(...RunRecord.shape.purpose.options),
  task: fc.string(),
  attempt: fc.integer({ min: 1, max: 99 }),
  at: fc.string(),
  takes: fc.array(fc.string()),
  tokens: fc.nat(),
  end: fc.option(fc.record({ kind: fc.constant("nothing" as const), at: fc.string(), say: fc.string() })),
});

const plans = fc.record({
  summary: fc.string(),
  tasks: fc.array(
    fc.record({
      id: fc.string(),
      title: fc.string(),
      body: fc.string(),
      files: fc.array(fc.string()),
      test: fc.string(),
      size: fc.constantFrom(...SIZES),
      after: fc.array(fc.string()),
    }),
  ),
});

const states: fc.Arbitrary<State> = fc.record({
  version: fc.constant(1 as const),
  revision: fc.nat(),
  generation: fc.integer({ min: 1, max: 99 }),
  judged: fc.dictionary(fc.stringMatching(/^[a-z0-9]+$/), fc.boolean()),
  commands: fc.array(fc.string()),
  since: fc.option(fc.record({ at: fc.string(), tokens: fc.nat() })),
  assessment: fc.option(fc.record({ kind: fc.constant("asks" as const), questions: fc.array(fc.string()) })),
  ask: fc.option(
    fc.record({
      at: fc.string(),
      force: fc.boolean(),
      change: fc.option(fc.record({ by: fc.string(), text: fc.string() })),
    }),
  ),
  proposal: fc.option(
    fc.record({ number: fc.integer({ min: 1 }), plan: plans, at: fc.string(), edited: fc.boolean() }),
  ),
  approved: fc.option(fc.record({ plan: plans, hash: fc.string(), by: fc.string(), at: fc.string() })),
  retried: fc.dictionary(fc.stringMatching(/^[a-z0-9]+$/), fc.string()),
  skipped: fc.array(fc.string()),
  runs: fc.array(runs),
  spend: fc.record({
    tasks: fc.dictionary(fc.stringMatching(/^[a-z0-9]+$/), fc.nat()),
    days: fc.dictionary(fc.stringMatching(/^[a-z0-9]+$/), fc.nat()),
  }),
  said: fc.array(fc.record({ marker: fc.string(), at: fc.string() })),
});
const visibles = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\r", ""));

/** So many random printable characters. */
const noise = (length: number): string =>
  [...randomBytes(length)].map((byte) => String.fromCodePoint(33 + (byte % 94))).join("");

/** `payload` as the app itself would sign it. */
function signed(payload: string): string {
  const text = JSON.stringify(["coxswain-state", home.appId, home.repositoryId, home.issue, payload]);
  const mac = createHmac("sha256", home.key).update(text).digest("base64url");
  return `<!-- coxswain:7:status -->\nHello\n<!-- coxswain-state:${payload}.${mac} -->`;
}

describe("the status comment", () => {
  test("one signed with the previous key is ours, and outdated", () => {
    const state = firstState();
    const [before, now] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const body = printStatus({ ...home, key: before, state, visible: "Working." });
    const rotated = { ...home, key: now, previousKey: before };
    expect(readStatus(body, rotated)).toEqual({ kind: "valid", state, visible: "Working.", outdated: true });
    expect(readStatus(body, { ...rotated, issue: 13 })).toEqual({ kind: "forged" });
    const anew = printStatus({ ...rotated, state, visible: "Working." });
    expect(readStatus(anew, { ...home, key: now })).toEqual({ kind: "valid", state, visible: "Working." });
    expect(readStatus(body, { ...rotated, previousKey: Buffer.alloc(32, 3) })).toEqual({ kind: "forged" });
  });

  test("reads what it printed", () => {
    fc.assert(
      fc.property(states, visibles, (state, visible) => {
        const read = readStatus(printStatus({ ...home, state, visible }), home);
        expect(read).toEqual({ kind: "valid", state, visible });
      }),
    );
  });

  test("reads it with the line ends and the last blanks that a browser leaves", () => {
    const body = printStatus({ ...home, state: firstState(), visible: "One\n\nTwo" });
    expect(readStatus(`${body.replaceAll("\n", "\r\n")}\r\n`, home)).toEqual({
      kind: "valid",
      state: firstState(),
      visible: "One\n\nTwo",
    });
  });

  test("any changed character of the hidden part is a forgery", () => {
    const body = printStatus({ ...home, state: firstState(), visible: "Working." });
    const start = body.indexOf("<!-- coxswain-state");
    const change = fc.tuple(
      fc.integer({ min: start, max: body.length - 1 }),
      fc.string({ minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(change, ([at, character]) => {
        fc.pre(body[at] !== character);
        const changed = body.slice(0, at) + character + body.slice(at + 1);
        expect(readStatus(changed, home)).toEqual({ kind: "forged" });
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["another issue", { issue: 13 }],
    ["another repository", { repositoryId: 4712 }],
    ["another app", { appId: 8 }],
    ["another key", { key: Buffer.alloc(32, 2) }],
  ])("a copy from %s is a forgery", (_, elsewhere) => {
    const body = printStatus({ ...home, ...elsewhere, state: firstState(), visible: "" });
    expect(readStatus(body, home)).toEqual({ kind: "forged" });
  });

  test.each([
    ["nothing hidden", "<!-- coxswain:7:status -->\nHello"],
    ["words after the hidden part", `${printStatus({ ...home, state: firstState(), visible: "" })}\nmore`],
    [
      "an older state that was printed into the visible part",
      "<!-- coxswain:7:status -->\n<!-- coxswain-state:a.b -->\nHello",
    ],
  ])("%s is a forgery", (_, body) => {
    expect(readStatus(body, home)).toEqual({ kind: "forged" });
  });

  test("what isn't a state is refused even with our signature", () => {
    const bomb = deflateRawSync(JSON.stringify({ ...firstState(), commands: ["x".repeat(2 * 1024 * 1024)] }));
    expect(bomb.length).toBeLessThan(10_000);
    for (const bytes of [bomb, deflateRawSync('{"version":2}'), Buffer.from("not deflated")])
      expect(readStatus(signed(bytes.toString("base64url")), home)).toEqual({ kind: "forged" });
    const good = deflateRawSync(JSON.stringify(firstState())).toString("base64url");
    expect(readStatus(signed(good), home)).toMatchObject({ kind: "valid", visible: "Hello" });
  });

  test("has room for two plans that can't be compressed, and a hundred runs", () => {
    const plan = (): Plan => ({
      summary: noise(1500),
      tasks: Array.from({ length: 12 }, (_, at) => ({
        id: `task-${at}`,
        title: noise(100),
        body: noise(1300),
        files: [],
        test: "",
        size: "medium",
        after: [],
      })),
    });
    const at = new Date(0).toISOString();
    const run = (n: number): RunRecord => ({
      name: `cx-12-fix-${n}-${randomBytes(4).toString("hex")}`,
      purpose: "fix",
      task: `task-${n % 12}`,
      attempt: n + 1,
      at,
      takes: [`rc${n * 7919}`, `cr${n * 104_729}`],
      tokens: n * 7919,
      end: { kind: "done", at },
    });
    const state: State = {
      ...firstState(),
      proposal: { number: 2, plan: plan(), at, edited: true },
      approved: { plan: plan(), hash: "", by: "mona", at },
      runs: Array.from({ length: 100 }, (_, n) => run(n)),
    };
    const body = printStatus({ ...home, state, visible: "x".repeat(10_000) });
    expect(readStatus(body, home)).toMatchObject({ kind: "valid", state: { runs: state.runs } });
  });

  test("says when it has grown too long for GitHub", () => {
    expect(() => printStatus({ ...home, state: firstState(), visible: "x".repeat(65_536) })).toThrow(
      /The status comment of issue 12 would have \d+ characters; GitHub takes 65535\./,
    );
  });
});
