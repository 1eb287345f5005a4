import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { OUTCOME_BYTES } from "../../../../agent-pod/contract/outcome.ts";
import { readOutcome, writeOnce } from "./folder.ts";

const NOTHING = '{"kind":"nothing","say":"x"}';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "coxswain-folder-"));
  path = join(dir, "outcome.json");
});
afterEach(() => rmSync(dir, { recursive: true }));

test("an outcome is read with its time", () => {
  writeFileSync(path, NOTHING);
  expect(readOutcome(path)).toEqual({ outcome: { kind: "nothing", say: "x" }, at: expect.any(Date) as Date });
});

test.each<[string, () => unknown]>([
  ["not there", () => {}],
  [
    "a link to one",
    () => {
      writeFileSync(join(dir, "real"), NOTHING);
      symlinkSync(join(dir, "real"), path);
    },
  ],
  ["a pipe", () => execFileSync("/usr/bin/env", ["mkfifo", path])],
  ["a folder", () => mkdirSync(path)],
  ["too long", () => writeFileSync(path, NOTHING + " ".repeat(OUTCOME_BYTES))],
  ["of no kind", () => writeFileSync(path, '{"kind":"merged"}')],
  ["one with more in it", () => writeFileSync(path, '{"kind":"nothing","say":"x","sha":"y"}')],
  ["half of one", () => writeFileSync(path, NOTHING.slice(0, 10))],
])("an outcome that is %s is none", (_, make) => {
  make();
  expect(readOutcome(path)).toBeNull();
});

test("of two who write a file once, the first one counts", () => {
  expect(writeOnce(path, "first")).toBe(true);
  expect(writeOnce(path, "second")).toBe(false);
  expect(readFileSync(path, "utf8")).toBe("first");
});
