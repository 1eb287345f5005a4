import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { Brief } from "../../contract/brief.ts";
import type { Line } from "../../contract/lines.ts";
import { parseLine } from "../../contract/lines.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { parseOutcome } from "../../contract/outcome.ts";
import { demoBrief } from "./brief.ts";
import type { Door } from "./door.ts";
import { openDoor } from "./door.ts";
import type { Step } from "./script.ts";

export const PASS = "cxp_a-pass";
const runnerMain = join(import.meta.dirname, "../main.ts");
const scriptedAgent = join(import.meta.dirname, "agent.ts");

/** A repository behind a door, for one test. */
export interface World {
  dir: string;
  /** The bare repository. */
  origin: string;
  door: Door;
  /** The commit at the tip of `main`. */
  base: string;
  git(...args: string[]): string;
  /** Commits files to a branch of the repository, as a person does. */
  commit(branch: string, files: Record<string, string>): string;
  /** Installs a hook in the repository; `script` is bash. */
  hook(name: string, script: string): void;
  /** Runners that still work; a test that fails leaves them behind. */
  running: Set<RunningRunner>;
  close(): Promise<void>;
}

export async function makeWorld(): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), "coxswain-runner-"));
  // A run may have a user of its own, who must get at the scripted agent's script.
  chmodSync(dir, 0o755);
  const origin = join(dir, "origin", "octo", "demo.git");
  const clone = join(dir, "person");
  const env = {
    PATH: process.env["PATH"],
    HOME: dir,
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.com",
  };
  const at = (cwd: string, ...args: string[]): string =>
    execFileSync("git", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", origin], { env });
  execFileSync("git", ["clone", "--quiet", origin, clone], { env, stdio: "ignore" });
  at(clone, "checkout", "--quiet", "-b", "main");
  const running = new Set<RunningRunner>();
  const door = await openDoor(join(dir, "origin"), PASS);

  const commit = (branch: string, files: Record<string, string>): string => {
    at(clone, "fetch", "--quiet", "origin");
    const known = at(clone, "branch", "--remotes", "--list", `origin/${branch}`) !== "";
    if (known) at(clone, "checkout", "--quiet", "-B", branch, `origin/${branch}`);
    else at(clone, "checkout", "--quiet", "-B", branch);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      writeFileSync(join(clone, path), text);
    }
    at(clone, "add", "--all");
    at(clone, "commit", "--quiet", "--message", `Change ${Object.keys(files).join(", ")}`);
    at(clone, "push", "--quiet", "origin", branch);
    return at(clone, "rev-parse", "HEAD");
  };
  return {
    dir,
    origin,
    door,
    base: commit("main", { "README.md": "# Demo\n", "src/add.js": "export const add = (a, b) => a - b;\n" }),
    git: (...args) => at(origin, ...args),
    commit,
    hook: (name, script) => {
      writeFileSync(join(origin, "hooks", name), `#!/bin/bash\n${script}\n`);
      chmodSync(join(origin, "hooks", name), 0o755);
    },
    running,
    close: async () => {
      for (const { pid } of running) process.kill(pid, "SIGTERM");
      await Promise.all([...running].map((runner) => runner.ended));
      await door.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A brief to mend the demo repository; `changes` go over it. */
export function briefFor(world: World, changes: Partial<Brief> = {}): Brief {
  return demoBrief(world.base, changes);
}

/** The command of an agent that does `turns`, one after each prompt. */
export function scripted(world: World, turns: Step[][]): string[] {
  const file = join(world.dir, "script.json");
  writeFileSync(file, JSON.stringify({ turns }));
  return [process.execPath, scriptedAgent, file];
}

/** What a runner left behind. */
export interface Ran {
  outcome: Outcome | null;
  lines: Line[];
  stdout: string;
  stderr: string;
}

/** A runner in a process of its own. */
export interface RunningRunner {
  pid: number;
  /** The lines printed so far. */
  lines(): Line[];
  ended: Promise<Ran>;
}

/** Starts the runner for `brief`, with more environment; without an agent's command the brief's preset is used. */
export function startRunner(
  world: World,
  brief: Brief,
  agentCommand: readonly string[] | null,
  env: Record<string, string> = {},
): RunningRunner {
  const folder = mkdtempSync(join(world.dir, "run-"));
  const paths = {
    brief: join(folder, "brief.json"),
    pass: join(folder, "pass"),
    outcome: join(folder, "outcome.json"),
  };
  mkdirSync(join(folder, "home"));
  writeFileSync(paths.brief, JSON.stringify(brief));
  writeFileSync(paths.pass, PASS);
  const child = spawn(process.execPath, [runnerMain], {
    env: {
      PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      HOME: join(folder, "home"),
      COXSWAIN_BRIEF: paths.brief,
      COXSWAIN_PASS_FILE: paths.pass,
      COXSWAIN_GATE: world.door.url,
      COXSWAIN_OUTCOME: paths.outcome,
      COXSWAIN_WORK: join(folder, "work"),
      ...(agentCommand ? { COXSWAIN_AGENT_COMMAND: JSON.stringify(agentCommand) } : {}),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const linesIn = (): Line[] =>
    stdout
      .split("\n")
      .map(parseLine)
      .filter((line) => line !== null);
  const ended = new Promise<Ran>((resolve) => {
    child.once("close", () => {
      world.running.delete(runner);
      const file = statSync(paths.outcome, { throwIfNoEntry: false })?.isFile();
      const outcome = file ? parseOutcome(readFileSync(paths.outcome, "utf8")) : null;
      resolve({ outcome, lines: linesIn(), stdout, stderr });
    });
  });
  const runner: RunningRunner = { pid: child.pid ?? 0, lines: linesIn, ended };
  world.running.add(runner);
  return runner;
}

/** Runs the scripted agent's `turns` for `brief` to the end. */
export function runScript(world: World, brief: Brief, turns: Step[][]): Promise<Ran> {
  return startRunner(world, brief, scripted(world, turns)).ended;
}
