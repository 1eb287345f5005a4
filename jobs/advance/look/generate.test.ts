import { readFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { GENERATED, generated } from "./generate.ts";

test("queries.gen.ts is what `npm run generate` makes", async () => {
  expect(await readFile(GENERATED, "utf8")).toBe(await generated());
});
