import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const SCRIPT = fileURLToPath(new URL("script/drive.ts", import.meta.url));

test("`npm run twin` and `npm start` live the story as two processes, driven by plain Octokit", async () => {
  expect(await readFile(SCRIPT, "utf8")).not.toMatch(/\b(?:from|import)\b\s*\(?\s*["']\.{1,2}\//);
  const child = spawn(process.execPath, [SCRIPT], { stdio: ["ignore", "pipe", "pipe"] });
  const [said, complaints, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("exit", resolve)),
  ]);
  expect({ code, complaints }).toEqual({ code: 0, complaints: "" });
  expect(said).toMatch(/pull request #2[^]*comments on a line[^]*answered[^]*merges[^]*done\n$/);
}, 240_000);
