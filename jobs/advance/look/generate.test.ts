import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

test("queries.gen.ts is what `npm run generate` makes", async () => {
  const made = await promisify(execFile)(process.execPath, [here("generate.ts"), "--print"]);
  expect(await readFile(here("queries.gen.ts"), "utf8")).toBe(made.stdout);
});
