import { expect, it, test } from "vitest";

import type { Blocked } from "./blocked.ts";
import { blockedList } from "./blockedList.ts";
import { built, HOSTILE, MENTION, UNSEEN } from "./testHostile.ts";

const failed = (say: string): Blocked => ({ kind: "failed", purpose: "implement", say, attempts: 3 });

it("groups the tasks that need a person for the same reason", () => {
  const items = [
    { task: "login", why: failed("npm ci ended with 1.") },
    { task: "docs", why: { kind: "closed", pull: 35 } as const },
    { task: "mail", why: failed("npm ci ended with 1.") },
    { task: null, why: { kind: "tokens", spent: 2_100_000, limit: 2_000_000 } as const },
  ];
  expect(`\n${blockedList(items, 12)}\n`).toMatchInlineSnapshot(`
    "
    **login**, **mail**: 3 attempts failed, the last one so:

    > npm ci ended with 1.

    \`/agent retry\` tries all of them again. \`/agent retry login\` takes one alone, \`/agent skip login\` goes on without it.

    **docs**: #35 was closed. Reopen it, and I go on with it. \`/agent retry docs\` tries again. \`/agent skip docs\` goes on without it.

    This issue has used 2,100,000 tokens of the 2,000,000 it may use. \`/agent retry\` tries again with as many again; \`limits.tokens\` in \`.github/coxswain.yml\` raises it for good.
    "
  `);
});

it("is short for twelve that all fail, together or each in its own way", () => {
  const tasks = Array.from({ length: 12 }, (_, at) => `task-${at}`);
  const alike = blockedList(
    tasks.map((task) => ({ task, why: failed("No space is left.") })),
    12,
  );
  expect(alike.length).toBeLessThan(600);
  const apart = blockedList(
    tasks.map((task, at) => ({ task, why: failed(`${at} ${"long ".repeat(1000)}`) })),
    12,
  );
  expect(apart.length).toBeLessThan(6000);
  for (const task of tasks) expect(apart).toContain(`\`/agent retry ${task}\``);
});

test.each(HOSTILE)("is built the same way of %.40j", (text) => {
  const list = (say: string) =>
    blockedList(
      [
        { task: "login", why: failed(say) },
        { task: "docs", why: { kind: "refused", say } },
        { task: "mail", why: { kind: "asks", say } },
        { task: "api", why: { kind: "nothing", say } },
      ],
      12,
    );
  expect(built(list(text))).toEqual(built(list("word")));
  expect(list(text)).not.toMatch(MENTION);
  expect(list(text)).not.toMatch(UNSEEN);
});
