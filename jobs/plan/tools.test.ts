import { afterAll, beforeAll, expect, test } from "vitest";

import { fakeGate } from "./testing/fakeGate.ts";
import type { FakeGate } from "./testing/fakeGate.ts";
import { eyesOn, MOST_CALLS } from "./tools.ts";
import { cloneTree } from "./tree.ts";
import type { Tree } from "./tree.ts";

let gate: FakeGate;
let tree: Tree;
beforeAll(async () => {
  gate = await fakeGate({
    "README.md": "one\ntwo\nthree\n",
    "src/a b.js": "needle(1)\nother\nNEEDLE(2)\n",
    "src/deep/ä.js": "needle\n",
    "*.js": "star\n",
    link: "-> /etc/passwd",
    "image.png": Buffer.from([1, 0, 2]),
    "huge.txt": "0123456789\n".repeat(100_000),
    "wide.txt": `needle${"x".repeat(5000)}\n`,
    ...Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`many/${n}.txt`, `line ${n}\n`])),
  });
  tree = await cloneTree({
    gateUrl: gate.url,
    pass: "p",
    repository: { owner: "o", name: "r" },
    sha: gate.sha,
    dir: gate.clones,
    signal: new AbortController().signal,
  });
});
afterAll(async () => {
  await tree.remove();
  await gate.close();
});

const call = (name: string, args: unknown) =>
  eyesOn(tree).call(name, typeof args === "string" ? args : JSON.stringify(args));

test.each<[string, unknown, string]>([
  ["list", { path: "src" }, "src/a b.js\nsrc/deep/ä.js"],
  ["list", { path: "./src/deep/" }, "src/deep/ä.js"],
  ["list", { path: "src/../src" }, "src/a b.js\nsrc/deep/ä.js"],
  ["list", { path: "../../.." }, "*.js"],
  ["list", { path: "nowhere" }, 'There is nothing at "nowhere".'],
  ["list", { path: "*.js" }, "*.js"],
  ["list", { path: "../../etc" }, 'There is nothing at "etc".'],
  ["read", { path: "README.md" }, "one\ntwo\nthree\n"],
  ["read", { path: "/README.md", from: 2, lines: 1 }, "two\n[and 2 more lines]"],
  ["read", { path: "README.md", from: 900 }, ""],
  ["read", { path: "src/a b.js" }, "needle(1)\nother\nNEEDLE(2)\n"],
  ["read", { path: "src" }, 'There is no file at "src".'],
  ["read", { path: "" }, 'There is no file at "".'],
  ["read", { path: "nowhere" }, 'There is no file at "nowhere".'],
  ["read", { path: "../../../etc/passwd" }, 'There is no file at "etc/passwd".'],
  ["read", { path: "link" }, "That is a symbolic link to /etc/passwd."],
  ["read", { path: "image.png" }, "That is a binary file."],
  ["read", { path: "--help" }, 'There is no file at "--help".'],
  [
    "search",
    { text: "needle", path: "src" },
    "src/a b.js:1:needle(1)\nsrc/a b.js:3:NEEDLE(2)\nsrc/deep/ä.js:1:needle",
  ],
  ["search", { text: "star" }, "*.js:1:star"],
  ["search", { text: "ne.*le" }, "No line contains that."],
  ["search", { text: "--open-files-in-pager=touch /tmp/x" }, "No line contains that."],
])("%s %j", async (name, args, result) => {
  const seen = await call(name, args);
  expect(name === "list" && result === "*.js" ? seen.split("\n")[0] : seen).toBe(result);
});

test.each<[string, unknown, RegExp]>([
  ["read", {}, /^The arguments are wrong: .*path/s],
  ["read", { path: "x\0y" }, /^The arguments are wrong: /],
  ["read", { path: "README.md", from: 0 }, /^The arguments are wrong: .*from/s],
  ["search", { text: "a\nb" }, /^The arguments are wrong: .*text/s],
  ["search", { text: "x" }, /^The arguments are wrong: .*text/s],
  ["list", { path: "src", deep: true }, /^The arguments are wrong: .*deep/s],
  ["list", "{", /^The arguments aren't JSON\.$/],
  ["list", "[]", /^The arguments are wrong: /],
  ["bash", { command: "ls" }, /^There is no tool of that name\. There are list, search, read and answer\.$/],
  ["constructor", {}, /^There is no tool of that name\./],
])("%s %j is refused", async (name, args, complaint) => {
  expect(await call(name, args)).toMatch(complaint);
});

test("long results are cut, and say how to go on", async () => {
  expect(await call("list", {})).toMatch(/\n\[and \d+ more files: list one folder\]$/);
  expect(await call("search", { text: "line" })).toMatch(
    /\n\[and more: search in a folder, or for a longer text\]$/,
  );
  expect((await call("search", { text: "needlex" })).length).toBeLessThan(400);
  const huge = await call("read", { path: "huge.txt", lines: 1000 });
  expect(huge).toMatch(/\n\[and \d+ more lines\]$/);
  const wide = await call("read", { path: "huge.txt", from: 47_000, lines: 1000 });
  expect(wide).toContain("[the file goes on, but isn't read further]");
});

test("there are so many looks, and so many characters", async () => {
  const eyes = eyesOn(tree);
  for (let n = MOST_CALLS; n > 0; n--) {
    expect(eyes.left()).toBe(n);
    await eyes.call("read", '{"path":"README.md"}');
  }
  expect(eyes.left()).toBe(0);
});

test("there are so many characters", async () => {
  const eyes = eyesOn(tree);
  let calls = 0;
  for (; eyes.left() > 0; calls++) await eyes.call("read", '{"path":"huge.txt","lines":1000}');
  expect(calls).toBe(11);
});
