import { expect, test } from "vitest";

import { mergeReports, readReport } from "./report.ts";

const fence = (json: string, tag = "json"): string => `Done.\n\n\`\`\`${tag}\n${json}\n\`\`\`\n`;

test.each([
  ["a fenced block", fence('{"title":"T","answers":{"rc1":"A"}}'), { title: "T", answers: { rc1: "A" } }],
  ["a fence without a tag", fence('{"title":"T"}', ""), { title: "T" }],
  ["the last of two blocks", fence('{"title":"old"}') + fence('{"title":"new"}'), { title: "new" }],
  ["code after it", `${fence('{"title":"T"}')}${fence("npm test", "sh")}`, { title: "T" }],
  [
    "a fence inside a value",
    fence('{"what":"Use:\\n```js\\nadd()\\n```\\ninstead"}'),
    { what: "Use:\n```js\nadd()\n```\ninstead" },
  ],
  ["no fence", 'Here: {"title":"T","what":"{x}"} bye', { title: "T", what: "{x}" }],
  ["an open fence", 'Here:\n```json\n{"title":"T"}', { title: "T" }],
  ["values that aren't text", fence('{"tested":["a","b"],"title":null,"what":""}'), { tested: '["a","b"]' }],
  [
    "answers as a list",
    fence('{"answers":[{"id":"rc1","answer":"A"},{"id":"cr7","text":"B"},3]}'),
    { answers: { rc1: "A", cr7: "B" } },
  ],
  ["nothing", "I have no report.", {}],
  ["broken JSON", fence('{"title": '), {}],
  ["an array", fence("[1]"), {}],
])("a report in %s", (_, said, expected) => {
  const empty = { title: null, what: null, why: null, tested: null, question: null, answers: {} };
  expect(readReport(said)).toEqual({ ...empty, ...expected });
});

test("a later report fills in the earlier one", () => {
  const earlier = readReport(fence('{"title":"T","answers":{"a":"1","b":"2"}}'));
  const later = readReport(fence('{"answers":{"b":"3"}}'));
  expect(mergeReports(earlier, later)).toMatchObject({ title: "T", answers: { a: "1", b: "3" } });
});

test("a message of many braces takes no time", () => {
  const started = performance.now();
  readReport("{".repeat(200_000) + "}");
  expect(performance.now() - started).toBeLessThan(20_000);
});
