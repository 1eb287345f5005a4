import { expect, test } from "vitest";

import { parseCommands } from "./parse.ts";

const kinds = (comment: string) => parseCommands(comment).map(({ kind }) => kind);

test.each([
  ["the verb alone", "/agent start", ["start"]],
  [
    "every verb",
    "/agent start\n/agent stop\n/agent retry\n/agent status\n/agent help\n/agent plan\n/agent replan x\n/agent approve\n/agent skip x",
    ["start", "stop", "retry", "status", "help", "plan", "replan", "approve", "skip"],
  ],
  ["words around it", "Thanks!\n\n/agent stop\n\nI'll look tomorrow.", ["stop"]],
  ["Windows line ends", "please\r\n/agent retry\r\n", ["retry"]],
  ["old Mac line ends", "please\r/agent retry", ["retry"]],
  ["capitals, as phones write them", "/Agent Start", ["start"]],
  ["shouting", "/AGENT STOP", ["stop"]],
  ["spaces after it", "/agent   start  \t", ["start"]],
  ["up to three spaces before it", "   /agent start", ["start"]],
  ["a space that doesn't break", "/agent\u00A0start", ["start"]],
  ["a line right below a quote is the writer's own", "> why?\n/agent status", ["status"]],
  ["an HTML comment beside it", "/agent start <!-- please -->", ["start"]],
  [
    "a comment that begins beside it",
    "/agent start <!-- please\n/agent stop\n-->\n/agent help",
    ["start", "help"],
  ],
  ["a comment that never ends, in a sentence", "a <!-- b\n/agent stop", ["stop"]],
  ["a comment's begin in a code span", "a `<!--` b\n/agent stop\n-->", ["stop"]],
  ["after a fence", "```\n/agent stop\n```\n/agent start", ["start"]],
  ["after a fence in a list item", "- ```\n  /agent stop\n  ```\n\n/agent start", ["start"]],
  ["after a list item whose fence never ends", "- ```sh\n  /agent stop\n/agent start", ["start"]],
  ["backticks in the info string make no fence", "``` a`b\n/agent stop", ["stop"]],
  ["after a quoted fence", "> ```\n> /agent stop\n\n/agent start", ["start"]],
  ["after an HTML block on one line", "<pre>x</pre>\n/agent start", ["start"]],
])("%s", (_, comment, expected) => {
  expect(kinds(comment)).toEqual(expected);
});

test.each([
  ["/agent approve", { kind: "approve" }],
  ["/agent plan", { kind: "plan" }],
  ["/agent replan Drop `docs`.\nThe rest stays.", { kind: "replan", change: "Drop `docs`." }],
  [`/agent replan ${"x".repeat(2000)}`, { kind: "replan", change: "x".repeat(2000) }],
  ["/agent skip docs", { kind: "skip", task: "docs" }],
  ["/agent skip Fix-Login-2 ", { kind: "skip", task: "fix-login-2" }],
  ["/agent skip `docs`", { kind: "skip", task: "docs" }],
  ["/agent skip constructor", { kind: "skip", task: "constructor" }],
  ["/agent retry", { kind: "retry", task: null }],
  ["/agent retry docs", { kind: "retry", task: "docs" }],
])("%s is read", (comment, command) => {
  expect(parseCommands(comment)).toEqual([command]);
});

test.each([
  ["nothing", ""],
  ["no slash", "agent start"],
  ["inside a sentence", "please /agent start"],
  ["longer words", "/agentx start\n/agents\n/agent-start\n/agent: start\n/agent/start\n/agent.start"],
  ["another slash", "//agent start\n\\/agent start\n/ agent start"],
  ["a quote", "> /agent start\n>/agent start\n > /agent start\n>> /agent start"],
  ["a fence", "```\n/agent start\n```"],
  ["a fence with a language", "```sh\n/agent start\n```"],
  ["a fence of tildes", "~~~\n/agent start\n```\n/agent start\n~~~"],
  ["a longer fence around a shorter one", "````\n```\n/agent start\n```\n/agent start\n````"],
  ["a fence that never ends", "```\n/agent start\n\n/agent stop"],
  ["a fence that only seems to end", "```\n/agent start\n``` no\n/agent stop\n```"],
  ["a fence in a list item", "1. one\n   ```\n   /agent start\n   ```"],
  ["a fence that begins a list item", "- ```\n  /agent start\n  ```"],
  ["an indented block", "    /agent start"],
  ["a tab", "\t/agent start\n  \t/agent start"],
  ["an HTML comment", "<!-- /agent start -->\n<!--\n/agent start\n-->"],
  ["an HTML comment that never ends", "<!--\n/agent start"],
  ["the line on which an HTML comment ends", "<!--\n--> /agent start"],
  ["<pre>", "<pre>\n/agent start\n\n/agent stop\n</pre>"],
  ["<blockquote>", "<blockquote>\n\n/agent start\n\n</blockquote>"],
  ["inline code and emphasis", "`/agent start`\n**/agent start**"],
  ["a full-width slash", "\uFF0Fagent start"],
  ["a Cyrillic a", "/\u0430gent start"],
  ["a zero-width space in it", "/agent\u200B start\n/ag\u200Bent start\n\u200B/agent start"],
  ["a byte order mark before it", "\u2060/agent start"],
  ["another alphabet's line separator", "x\u2028/agent start"],
  ["a right-to-left override", "\u202E/agent start"],
])("no command: %s", (_, comment) => {
  expect(parseCommands(comment)).toEqual([]);
});

test.each([
  ["/agent", "`/agent` isn't a command; `/agent help` lists the commands.", null],
  ["/agent strat", "`/agent strat` isn't a command; did you mean `/agent start`?", "/agent start"],
  ["/agent stpo now", "`/agent stpo now` isn't a command; did you mean `/agent stop`?", "/agent stop"],
  ["/agent merge", "`/agent merge` isn't a command; `/agent help` lists the commands.", null],
  ["/agent st\u200Bart", "`/agent start` isn't a command; did you mean `/agent start`?", "/agent start"],
  [
    "/agent stop please",
    "`/agent stop please` says more than that command takes; did you mean `/agent stop`?",
    "/agent stop",
  ],
  [
    "/agent approve it",
    "`/agent approve it` says more than that command takes; did you mean `/agent approve`?",
    "/agent approve",
  ],
  [
    "/agent replan",
    "`/agent replan` doesn't say what to change; did you mean `/agent replan <what to change>`?",
    "/agent replan <what to change>",
  ],
  [
    "/agent skip",
    "`/agent skip` doesn't name a task; did you mean `/agent skip <task>`?",
    "/agent skip <task>",
  ],
  [
    "/agent skip docs login",
    "`/agent skip docs login` doesn't name one task as the plan does; did you mean `/agent skip <task>`?",
    "/agent skip <task>",
  ],
  [
    "/agent retry ../x",
    "`/agent retry ../x` doesn't name one task as the plan does; did you mean `/agent retry [task]`?",
    "/agent retry [task]",
  ],
  ["/agent aprove", "`/agent aprove` isn't a command; did you mean `/agent approve`?", "/agent approve"],
  ["/agent `@all`\u202E", "`/agent @all` isn't a command; `/agent help` lists the commands.", null],
  ["/agent constructor", "`/agent constructor` isn't a command; `/agent help` lists the commands.", null],
])("%s gets a sentence", (line, say, nearest) => {
  expect(parseCommands(line)).toEqual([{ kind: "unknown", text: expect.any(String), say, nearest }]);
});

test("a very long line is shown shortened", () => {
  const [command] = parseCommands(`/agent ${"x".repeat(60_000)}`);
  expect(command).toMatchObject({ kind: "unknown", text: `/agent ${"x".repeat(53)}…` });
});

test("a change of the plan that is too long is answered", () => {
  const [command] = parseCommands(`/agent replan ${"x".repeat(2001)}`);
  expect(command).toMatchObject({
    say: expect.stringContaining("says more than the 2000 characters that command takes"),
  });
});

test("ten commands of a comment are taken, and the eleventh is answered", () => {
  const taken = parseCommands("/agent status\n".repeat(10_000));
  expect(taken).toHaveLength(11);
  expect(taken[10]).toMatchObject({
    kind: "unknown",
    say: "Only the first 10 commands of a comment are taken; write `/agent status` in a new one.",
  });
});

test.each([
  ["lines", "some words\n"],
  ["comments that never end", "a <!-- b\n"],
  ["fences", "```\n"],
  ["list markers", "-    ".repeat(60) + "x\n"],
  ["backticks", "`".repeat(60) + "x\n"],
])("10,000 lines of %s take no time", (_, line) => {
  const comment = `${line.repeat(10_000)}\n`;
  const started = performance.now();
  parseCommands(comment);
  expect(performance.now() - started).toBeLessThan(10_000);
});
