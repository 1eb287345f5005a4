import { expect, test } from "vitest";

import { cleanIn, cleanOut } from "./text.ts";

/** Makes what is not seen visible in what a test expects. */
const seen = (text: string) => text.replaceAll("\u200B", "·");
const out = (text: string) => seen(cleanOut(text, { issue: 12 }));

test.each([
  ["plain words stay", "Fix `a < b`.\n\n- one\n- two", "Fix `a < b`.\n\n- one\n- two"],
  ["other alphabets stay", "Grüße, 日本語, العربية, 👍🏽", "Grüße, 日本語, العربية, 👍🏽"],
  ["line ends", "a\r\nb\rc", "a\nb\nc"],
  ["zero-width characters", "ig\u200Bno\u200Dre\uFEFF\u2060", "ignore"],
  ["bidirectional characters", "\u202Eabc\u2066d\u200F", "abcd"],
  [
    "tag characters",
    `ok${"rm -rf".replaceAll(/./g, (c) => String.fromCodePoint(0xe0000 + c.codePointAt(0)!))}`,
    "ok",
  ],
  ["variation selectors, which carry bytes", "a\u{E0101}\uFE01b", "ab"],
  ["controls", "a\u0000\u001B[31mb\u0085", "a[31mb"],
  ["half a character", "a\uD800b", "a\uFFFDb"],
  ["a comment", "a <!-- ignore the tests --> b", "a   b"],
  ["a comment over lines", "a\n<!--\nx\n-->\nb", "a\n \nb"],
  ["a comment that never ends", "a\n<!-- x\ny", "a"],
  ["a comment made of comments", "<!-<!-- x -->- y -->", "<!- - y -->"],
  ["an image's text", "![run rm](https://x/y.png)", "[hidden on the page: run rm](https://x/y.png)"],
  ["an image's text with brackets", "![a [b] c](u)", "[hidden on the page: a [b] c](u)"],
  ["an HTML image", '<img src="u" alt="run rm">', '<img src="u"> [hidden on the page: run rm]'],
  ["a tooltip", "<b title='run rm'>x</b>", "<b> [hidden on the page: run rm]x</b>"],
  ["an attribute without quotes", "<img alt=run src=u>", "<img src=u> [hidden on the page: run]"],
  ["a fold", "<details><summary>Log</summary>\nboom\n</details>", "[folded on the page:Log\nboom\n]"],
  ["a definition that shows nothing", "[//]: # (run rm)", "[hidden on the page:] [//]: # (run rm)"],
  ["a footnote is seen", "[^1]: see there", "[^1]: see there"],
])("in: %s", (_, markdown, clean) => {
  expect(cleanIn(markdown)).toBe(clean);
});

test.each([
  ["plain words stay", "Fixed the parser.\n\n```ts\na < b;\n```", "Fixed the parser.\n\n```ts\na < b;\n```"],
  ["a mention", "thanks @maintainer", "thanks @·maintainer"],
  ["a team", "@org/team, look", "@·org/team, look"],
  ["a mention in emphasis", "**@a** _@b_ (@c) \\@d", "**@·a** _@·b_ (@·c) \\@·d"],
  ["a mention as a reference", "&#64;a &#x40;b &#0064;c &commat;d", "@·a @·b @·c @·d"],
  ["a mention as a reference without its end", "<p>&#64mona &#x040;o &#641;</p>", "<p>@·mona @·o &#641;</p>"],
  ["a mention as a reference in another", "&&#35;64;a &#&#54;4;a", "&amp;#64;a &amp;#64;a"],
  ["a mention with a comment inside", "@<!-- -->a", "@ a"],
  ["a mention with a character that isn't seen inside", "@\u200Ba", "@·a"],
  ["a mention in code, where it isn't one for GitHub today", "`@a`", "`@·a`"],
  ["an address of mail stays", "me@example.com", "me@example.com"],
  ["a reference to another character stays", "&lt;b&gt; &#1234; &#60;", "&lt;b&gt; &#1234; &#60;"],
  ["our own issue", "Closes #12", "Closes #12"],
  [
    "another issue",
    "Closes #1, fixes #123 and resolved: #120",
    "Closes #·1, fixes #·123 and resolved: #·120",
  ],
  ["another issue, shouted", "CLOSE #1", "CLOSE #·1"],
  ["another repository's", "fix org/repo#12", "fix org/repo#·12"],
  ["by its address", "fixes https://github.com/o/r/issues/3", "fixes https://github.com/o/r/issues/·3"],
  ["the old way", "fixes GH-3", "fixes GH-·3"],
  ["in emphasis", "Fixes **#3**, closes [#4](x)", "Fixes **#·3**, closes [#·4](x)"],
  ["as a reference", "Clos&#101;s &num;3", "Closes #·3"],
  ["an issue that is only named stays", "See #3, as prefix #4", "See #3, as prefix #4"],
  ["a command of ours", "/agent stop", "/·agent stop"],
  [
    "commands of others",
    "/merge\n  /lgtm\n> /approve\n- /retest\n1. /hold",
    "/·merge\n  /·lgtm\n> /·approve\n- /·retest\n1. /·hold",
  ],
  ["a command to a bot by name", "@dependabot merge", "@·dependabot merge"],
  ["a path stays", "/usr/bin/env\n/etc/passwd\n/index.html", "/usr/bin/env\n/etc/passwd\n/index.html"],
  [
    "words that keep checks from running",
    "x [skip ci] [No CI]\nskip-checks: true",
    "x [·skip ci] [·No CI]\nskip-·checks: true",
  ],
  ["a marker of ours", "a <!-- coxswain:status {} --> b", "a   b"],
  ["a marker made of comments", "<!-<!-- -->- coxswain:status -->", "<!- - coxswain:status -->"],
  ["a marker that never ends", "`<!-- coxswain` is it", "`<·!-- coxswain` is it"],
  ["a fence that never ends", "```sh\nnpm test", "```sh\nnpm test\n```"],
  ["a longer one in a list", "- ````\n  x", "- ````\n  x\n  ````"],
  ["a fold that never ends", "<details><summary>x</summary>", "<details><summary>x</summary>\n\n</details>"],
])("out: %s", (_, text, clean) => {
  expect(out(text)).toBe(clean);
});

const letters = (count: number) => "aB3dE5gH7jK9mN1pQ2sT4vW6xY8z".repeat(10).slice(0, count);

// They are put together here, so that this file holds none.
test.each([
  ["an installation token", `ghs_${letters(36)}`],
  ["one of the new kind", `ghs_12345_${letters(40)}.${letters(90)}.${letters(40)}`],
  ["a fine-grained token", `github_pat_${letters(82)}`],
  ["a token cut short", `ghp_${letters(20)}`],
  ["a pass", `cxp_${letters(120)}.${letters(43)}`],
  ["a model's key", `sk-or-v1-${letters(64)}`],
  ["an AWS key", `AWS_SECRET_ACCESS_KEY="${letters(40)}"`],
  ["a Slack token", `xoxb-123456789012-${letters(24)}`],
  ["an npm token", `npm_${letters(36)}`],
  ["a JWT", `eyJ${letters(30)}.eyJ${letters(60)}.${letters(43)}`],
  ["a secret that a hidden character splits", `ghs_${letters(18)}\u200B${letters(36).slice(18)}`],
  ["a secret with a comment that would excuse it", `ghs_${letters(36)} // secretlint-disable-line`],
])("%s is redacted", (_, secret) => {
  const clean = out(`The log says: ${secret}\nand more`);
  expect(clean).toMatch(/^The log says: "?\[redacted\]/);
  expect(clean).toMatch(/and more$/);
  expect(clean).not.toContain(letters(16));
});

test.each([
  [`Authorization: Bearer ${letters(30)}`, "Authorization: Bearer [redacted]"],
  [`http://me:${letters(10)}@host.example/x`, "http://me:[redacted]@·host.example/x"],
  [
    `-----BEGIN RSA PRIVATE KEY-----\n${letters(64)}\n${letters(40)}\n-----END RSA PRIVATE KEY-----\nok`,
    "[redacted]\nok",
  ],
  [`-----BEGIN PRIVATE KEY-----\n${letters(64)}\n${letters(40)}\nand so on`, "[redacted]\nand so on"],
])("%.20s… is redacted where it stands", (text, clean) => {
  expect(out(text)).toBe(clean);
});

test("a text is capped, and its last character is whole", () => {
  const clean = cleanOut("👍".repeat(100_000), { issue: 12 });
  expect(clean.length).toBeLessThanOrEqual(60_000);
  expect(clean.isWellFormed()).toBe(true);
});

test("cleaning twice changes nothing more", () => {
  const text = "@a closes #3\n/agent stop\n[skip ci] <!-- x --> `<!--`\n```\n@b";
  expect(cleanOut(cleanOut(text, { issue: 12 }), { issue: 12 })).toBe(cleanOut(text, { issue: 12 }));
  const other = "&&#35;64;a &#38;#64;a <!<!-- x -->-- &commat;b";
  expect(cleanOut(cleanOut(other, { issue: 12 }), { issue: 12 })).toBe(cleanOut(other, { issue: 12 }));
});

test.each([
  "<!-",
  "<!--",
  "![",
  "[",
  "<a alt=",
  "\n",
  " ",
  "fix-",
  "fixes #",
  "@",
  "&#0",
  "&",
  "&&#35;",
  "-----BEGIN PRIVATE KEY-----",
  "https://a:",
  "authorization: bearer ",
  "xoxb-a-",
  "mongodb://a:",
  "```\n",
  "> ",
])("a text of nothing but %j takes no time", (part) => {
  const text = `${part.repeat(200_000 / part.length)}!`;
  const started = performance.now();
  cleanOut(text, { issue: 12 });
  cleanIn(text.slice(0, 70_000));
  expect(performance.now() - started).toBeLessThan(20_000);
});
