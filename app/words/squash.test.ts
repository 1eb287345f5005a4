import { expect, it, test } from "vitest";

import { squashMessage } from "./squash.ts";
import type { Squash } from "./squash.ts";
import { HOSTILE, MENTION, UNSEEN } from "./testHostile.ts";

const squash: Squash = {
  pull: { number: 34, title: "Read all digits of a total" },
  work: {
    what: "The pattern took the first digit alone. It takes all of them now, and a test says so, for totals of up to nine digits.\n\n- a point of the list that is so long that it doesn't fit into one line, but into two\n\n```\na line of code that is so long that it doesn't fit into one line, and stays as it is\n```",
    why: "Totals over 9 were wrong.",
  },
  issue: 12,
  by: { name: "Ana", email: "1+ana@users.noreply.github.com" },
};

it("is a commit that reads well", () => {
  const { title, message } = squashMessage(squash);
  expect(title).toBe("Read all digits of a total (#34)");
  expect(`\n${message}\n`).toMatchInlineSnapshot(`
    "
    The pattern took the first digit alone. It takes all of them now, and a
    test says so, for totals of up to nine digits.

    - a point of the list that is so long that it doesn't fit into one line,
      but into two

    \`\`\`
    a line of code that is so long that it doesn't fit into one line, and stays as it is
    \`\`\`

    Totals over 9 were wrong.

    Part of #12

    Co-authored-by: Ana <1+ana@users.noreply.github.com>
    "
  `);
});

it("says a long title whole below its short one", () => {
  const long = "Take the sign-in out of the main module, with everything that belongs to it, and test it";
  const { title, message } = squashMessage({ ...squash, pull: { number: 34, title: long } });
  expect(title).toBe("Take the sign-in out of the main module, with everything that bel… (#34)");
  expect(title.length).toBeLessThanOrEqual(72);
  expect(message.split("\n\n")[0]).toBe(
    "Take the sign-in out of the main module, with everything that belongs to\nit, and test it",
  );
});

test.each([
  [null, null],
  [{ name: "", email: "a@b.example" }, "Co-authored-by: a@b.example <a@b.example>"],
  [
    { name: "Ana\nSigned-off-by: <x@y.example>", email: "a@b.example" },
    "Co-authored-by: Ana Signed-off-by: x@y.example <a@b.example>",
  ],
  [{ name: "Ana", email: "a@b.example>\nSigned-off-by: x <x@y.example" }, null],
  [{ name: "Ana", email: "" }, null],
])("the trailer of %j is %j", (by, trailer) => {
  const last = squashMessage({ ...squash, by })
    .message.split("\n\n")
    .at(-1);
  expect(last).toBe(trailer ?? "Part of #12");
});

test.each(HOSTILE)("does nothing and names nobody, of %.40j", (text) => {
  const { title, message } = squashMessage({
    ...squash,
    pull: { number: 34, title: text },
    work: { what: text, why: text },
  });
  expect(title).toMatch(/^.{1,72}$/u);
  expect(title).toMatch(/ \(#34\)$/);
  const words = `${title}\n\n${message}`.replace("1+ana@users", "");
  expect(words).not.toMatch(MENTION);
  expect(words).not.toMatch(UNSEEN);
  expect(words).not.toMatch(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?) #\d/i);
  expect(words).not.toContain("[skip ci]");
  expect(message).toMatch(
    /\n\nPart of #12\n\nCo-authored-by: Ana <1\+ana@users\.noreply\.github\.com>$|^Part of #12\n\nCo-/,
  );
});
