import { expect, test } from "vitest";

import { commitMessage, tame, withTrailer } from "./message.ts";
import { demoBrief } from "./testing/brief.ts";

const brief = demoBrief("0".repeat(40));
const TRAILER = "Co-authored-by: Mona <mona@example.com>";

test("a commit message has a short subject, wrapped words and the co-author", () => {
  const body =
    "The function subtracted its second argument from the first one, which nobody wanted.\n\n- and a list";
  expect(commitMessage("Add\ninstead   of subtracting", body, brief)).toBe(
    `Add instead of subtracting

The function subtracted its second argument from the first one, which
nobody wanted.

- and a list

${TRAILER}`,
  );
  expect(commitMessage("x".repeat(100), null, brief).split("\n")[0]).toHaveLength(72);
});

test("a trailer is added once, to the trailers that are there", () => {
  expect(withTrailer(`Add\n\n${TRAILER}`, brief)).toBe(`Add\n\n${TRAILER}`);
  expect(withTrailer("Add\n\nReviewed-by: Ada", brief)).toBe(`Add\n\nReviewed-by: Ada\n${TRAILER}`);
  expect(withTrailer("Add", { ...brief, coAuthor: null })).toBe("Add");
});

test.each([
  ["Fixes #12: add", "Fixes #12: add"],
  ["Fixes #99", "Fixes issue 99"],
  ["closes: octo/other#12", "closes: issue 12"],
  ["Resolves https://github.com/octo/demo/issues/3", "Resolves issue 3"],
  ["fixed gh-7", "fixed issue 7"],
  ["See #99", "See #99"],
  ["Prefix #3", "Prefix #3"],
  ["Add [skip ci]", "Add"],
  ["Add\n\nskip-checks: true", "Add"],
])("%j may not do more than tell", (message, tamed) => {
  expect(tame(message, 12)).toBe(tamed);
});
