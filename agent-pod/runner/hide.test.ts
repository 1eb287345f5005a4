import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { runnerGit } from "./git.ts";
import type { Git } from "./git.ts";
import { hidePaths } from "./hide.ts";
import { demoBrief } from "./testing/brief.ts";

let dir: string;
let git: Git;
const write = (path: string, text: string): void => writeFileSync(join(git.tree, path), text);
const read = (path: string): string => readFileSync(join(git.tree, path), "utf8");

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "coxswain-hide-"));
  const tree = join(dir, "repo");
  execFileSync("git", ["init", "--quiet", tree]);
  const paths = {
    outcome: "",
    work: dir,
    home: dir,
    path: process.env["PATH"] ?? "",
    lang: "C",
    tmp: "/tmp",
    walls: { canary: null, dns: null },
  };
  const brief = demoBrief("0".repeat(40));
  git = runnerGit({ ...paths, brief, pass: "p", gate: "http://127.0.0.1", agentCommand: null }, tree);
  mkdirSync(join(tree, ".tool/sub"), { recursive: true });
  for (const path of [".tool/a", ".tool/sub/b", "tool.json", "src"]) write(path, path);
  await git.run("add", "--all");
  await git.run("commit", "--quiet", "--message", "Start");
  write(".tool/untracked", "left by setup");
});
afterEach(() => rmSync(dir, { recursive: true }));

test("what is hidden is out of sight, not deleted, and comes back as it was", async () => {
  const putBack = await hidePaths(git, [".tool", "tool.json", "no-such"], join(dir, "aside"));
  expect([".tool", "tool.json", "src"].map((path) => existsSync(join(git.tree, path)))).toEqual([
    false,
    false,
    true,
  ]);
  expect(await git.run("status", "--porcelain")).toBe("");
  write("src", "changed");
  await git.run("commit", "--quiet", "--all", "--message", "Change");
  await putBack();
  expect(read(".tool/sub/b")).toBe(".tool/sub/b");
  expect(await git.run("status", "--porcelain")).toBe("?? .tool/untracked");
  expect(await git.run("show", "--format=", "--name-only", "HEAD")).toBe("src");
});

test("what the agent writes in its place is kept", async () => {
  const putBack = await hidePaths(git, [".tool", "tool.json"], join(dir, "aside"));
  write("tool.json", "new");
  await putBack();
  expect(read("tool.json")).toBe("new");
  expect(read(".tool/a")).toBe(".tool/a");
  expect(await git.run("diff", "--name-only")).toBe("tool.json");
});
