import { expect, test } from "vitest";

import type { Choices } from "./choices.ts";
import { parseSettings } from "./repository.ts";

function errors(text: string): string[] {
  const parsed = parseSettings(text);
  return "errors" in parsed ? parsed.errors : [];
}

test("without a file, or with an empty one, the defaults count", () => {
  const defaults = {
    settings: {
      label: "agent",
      setup: [],
      test: null,
      agent: "opencode",
      model: null,
      image: null,
      size: null,
      quiet: 60_000,
      grace: 120_000,
      limits: { attempts: 3, rounds: 10, tokens: 2_000_000, minutes: 30, parallel: 4, repository: 10 },
      protected: [],
      hosts: [],
    },
  };
  for (const text of [null, "", "# nothing yet\n", "---\n", "{}"])
    expect(parseSettings(text)).toEqual(defaults);
});

test("a whole file, with Windows line ends and a byte order mark", () => {
  const text = `\uFEFFlabel: Crew
setup: [npm ci, "npm run build"]
test: |
  npm test
  npm run check
model: some/model:v1
image: go-1.25
size: large
quiet: 1m30s
grace: 0s
limits: {attempts: 1, rounds: 0, tokens: 5000, minutes: 240, parallel: 50, repository: 1}
protected:
  - deploy/**
  - .env*
  - "**/*.pem"
hosts: [Registry.example.org, "*.xn--bcher-kva.example"]
`.replaceAll("\n", "\r\n");
  expect(parseSettings(text)).toEqual({
    settings: {
      label: "Crew",
      setup: ["npm ci", "npm run build"],
      test: "npm test\nnpm run check",
      agent: "opencode",
      model: "some/model:v1",
      image: "go-1.25",
      size: "large",
      quiet: 90_000,
      grace: 0,
      limits: { attempts: 1, rounds: 0, tokens: 5000, minutes: 240, parallel: 50, repository: 1 },
      protected: ["deploy/**", ".env*", "**/*.pem"],
      hosts: ["registry.example.org", "*.xn--bcher-kva.example"],
    },
  });
});

test("every problem has one sentence, in the order of the lines", () => {
  const text = `lable: agent
setup:
  - npm ci
  - 5
limits:
  attempts: 99
  tokns: 3
  tokens: 2_000_000
  patience: 4
quiet: 60
grace: 2h
protected: ["/a", b]
label: "agent: mine"
agent: clippy
colour: red
`;
  expect(errors(text)).toMatchInlineSnapshot(`
    [
      "Line 1: \`lable\` isn't a setting; did you mean \`label\`?",
      "Line 4: \`setup[2]\` must be a shell command of at most 4000 characters, without control characters.",
      "Line 6: \`limits.attempts\` must be a whole number from 1 to 10, in digits alone.",
      "Line 7: \`limits.tokns\` isn't a setting; did you mean \`limits.tokens\`?",
      "Line 8: \`limits.tokens\` must be a whole number from 1000 to 50000000, in digits alone.",
      "Line 9: \`limits.patience\` isn't a setting; remove it, or use one of \`attempts\`, \`rounds\`, \`tokens\`, \`minutes\`, \`parallel\`, \`repository\`.",
      "Line 10: \`quiet\` must be a duration from 0s to 1h, with its unit, like "90s" or "5m".",
      "Line 11: \`grace\` must be a duration from 0s to 1h, with its unit, like "90s" or "5m".",
      "Line 12: \`protected[1]\` must be a pattern of at most 200 characters, from the repository's root, like \`docs/**\` or \`package.json\`.",
      "Line 13: \`label\` must be a label of at most 50 characters that doesn't begin with "agent:", as the labels that show the phase do.",
      "Line 14: \`agent\` must be one of the agents that are built in: opencode.",
      "Line 15: \`colour\` isn't a setting; remove it, or use one of \`label\`, \`setup\`, \`test\`, \`agent\`, \`model\`, \`image\`, \`size\`, \`quiet\`, \`grace\`, \`limits\`, \`protected\`, \`hosts\`.",
    ]
  `);
});

test.each<[string, choices: Choices, errors: string[]]>([
  ["image: go\nsize: large\n", { images: ["go"], sizes: ["small", "large"] }, []],
  ["image: null\n", null, []],
  [
    "label: crew\nsize: huge\nimage: rust\n",
    { images: ["go"], sizes: ["small", "large"] },
    [
      "Line 2: `size` must be one of `small`, `large`, or `null` for the app's default.",
      "Line 3: `image` must be one of `go`, or `null` for the app's default.",
    ],
  ],
  [
    "image: go\n",
    { images: [], sizes: ["small"] },
    ["Line 1: `image` can't be chosen, since the app names none (`AGENT_IMAGES`); remove it."],
  ],
  [
    "size: small\n",
    null,
    ["Line 1: `size` can't be chosen where agents run on the app's own machine; remove it."],
  ],
])("names of images and sizes are those that the app has: %j, %j", (text, choices, expected) => {
  const parsed = parseSettings(text, choices);
  expect("errors" in parsed ? parsed.errors : []).toEqual(expected);
});

test.each([
  ["image: Go"],
  ["image: registry.example.org/agent"],
  ["size: ''"],
  ["quiet: 0.5s"],
  ["quiet: -1s"],
  ["quiet: 99999999999999999999s"],
  ["label: ''"],
  [`label: ${"x".repeat(51)}`],
  ['label: "a\\0b"'],
  ["test: ''"],
  ["setup: npm ci"],
  ["limits: 3"],
  ["limits: {minutes: 1.5}"],
  ["limits: {tokens: .inf}"],
  ["protected: [../x]"],
  ["protected: [./x]"],
  ["protected: ['!x']"],
  ["protected: ['a\\b']"],
  ["protected: [a/..]"],
  ["hosts: registry.example.org"],
  ["hosts: [localhost]"],
  ["hosts: [10.0.0.1]"],
  ["hosts: ['::1']"],
  ["hosts: [a.0x7f]"],
  ["hosts: ['*']"],
  ["hosts: ['*.org']"],
  ["hosts: ['a.*.example.org']"],
  ["hosts: [registry.example.org.]"],
  ["hosts: ['registry.example.org:443']"],
  ["hosts: ['https://registry.example.org']"],
  ["hosts: [registry.example.org/x]"],
  ["hosts: [bücher.example]"],
  ["hosts: ['']"],
  [`hosts: [${"a.example,".repeat(51)}]`],
  ["<<: {label: x}"],
  ["constructor: 3"],
  ["__proto__: {label: x}"],
  ["limits: {toString: 3}"],
])("%s is refused in one sentence", (text) => {
  expect(errors(text)).toEqual([expect.stringMatching(/^Line 1: .*[.?]$/)]);
});

test.each([
  ["label: &a x", "Line 1: `&a` is an anchor; write the value alone."],
  ["label: x\nsetup: [*a]", "Line 2: `*a` is an alias; write the value itself."],
  ["*a", "Line 1: `*a` is an alias; write the value itself."],
  ["label: !!str x", "Line 1: `tag:yaml.org,2002:str` is a tag; write the value alone."],
  ["label: x\nlabel: y", "Line 2: `label` is there twice; keep one of them."],
  ["label:\n\t- a", "Line 2: a tab can't indent YAML; use spaces."],
  ["label: x\n---\nlabel: y", "Line 2: a second document begins here; keep one."],
  ["? [a]\n: b", "Line 1: a key must be a plain word."],
  ["label: 'a", "Line 1: this isn't YAML: missing closing 'quote."],
  ["- label", "Line 1: the file must be a list of settings, one `key: value` a line."],
  ["label", "Line 1: the file must be a list of settings, one `key: value` a line."],
  [`label: ${"x".repeat(70_000)}`, "Line 1: the file is longer than 65536 characters; shorten it."],
  ["- ".repeat(30_000), "Line 1: the file is nested too deeply; settings need two levels."],
])("%.30s says what to do", (text, sentence) => {
  expect(errors(text)).toEqual([sentence]);
});

test("a hostile key can't leave its backticks, nor fill the page", () => {
  expect(errors(`"a\`\\n@org/all \u202E${"x".repeat(500)}": 1`)[0]).toMatch(
    /^Line 1: `a@org\/all x{20,40}…` isn't a setting;/,
  );
});

test("twenty problems are listed, and that there are more", () => {
  const text = Array.from({ length: 30 }, (_, n) => `key${n}: 1\n`).join("");
  expect(errors(text)).toHaveLength(21);
  expect(errors(text).at(-1)).toBe("There are more problems; they are told once these are mended.");
});

test("files made to be slow aren't", () => {
  const started = performance.now();
  errors("a:\n".repeat(21_000));
  errors("[".repeat(65_000));
  errors(`{${Array.from({ length: 10_000 }, (_, n) => `k${n}`).join(",")}}`);
  expect(performance.now() - started).toBeLessThan(30_000);
});
