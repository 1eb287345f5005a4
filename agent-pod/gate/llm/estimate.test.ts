import { expect, test } from "vitest";

import { worstOf } from "./estimate.ts";

const request = { model: "m", body: {}, output: 100, images: [] as string[] };

test.each([
  ["words", "x".repeat(1_000), [], 500],
  ["letters of three bytes", "語".repeat(1_000), [], 1_500],
  ["an image, whatever its size", "x".repeat(1_000) + "i".repeat(50_000), ["i".repeat(50_000)], 500 + 8_192],
])("%s", (_, sent, images, input) => {
  expect(worstOf({ ...request, images }, sent)).toEqual({ input, output: 100 });
});
