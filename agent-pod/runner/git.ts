import { execFile } from "node:child_process";

import { cleanEnvironment } from "./environment.ts";
import type { Settings } from "./settings.ts";

/** How a git command ended; no exit code is an error by itself. */
export interface GitEnd {
  code: number;
  stdout: string;
  stderr: string;
}

/** The runner's own git, in the work tree. */
export interface Git {
  tree: string;
  /** Runs git to its end, whatever that is. */
  attempt(...args: string[]): Promise<GitEnd>;
  /** What git printed, trimmed. Throws `GitError` when it fails. */
  run(...args: string[]): Promise<string>;
  /** The same git with more environment. */
  with(env: Record<string, string>): Git;
}

export class GitError extends Error {
  readonly end: GitEnd;

  constructor(args: readonly string[], end: GitEnd) {
    super(`git ${args.join(" ")} failed (${end.code}): ${end.stderr.trim()}`);
    this.name = "GitError";
    this.end = end;
  }
}

/**
 * Git that may talk to the gate: the pass goes with its requests through the environment, never by argv or a file. It runs no
 * hooks, which are the repository's, and gives up on a connection that stands still for ten minutes.
 */
export function runnerGit(settings: Settings, tree: string): Git {
  const basic = Buffer.from(`x:${settings.pass}`).toString("base64");
  return git(tree, {
    ...cleanEnvironment(settings),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    ...gitConfig({
      [`http.${settings.gate}/.extraHeader`]: `Authorization: Basic ${basic}`,
      "http.lowSpeedLimit": "100",
      // The gate is silent while it judges a push, and while GitHub takes it: a minute was too short for a large one.
      "http.lowSpeedTime": "600",
      "core.hooksPath": "/dev/null",
      "core.fsmonitor": "false",
      "core.quotePath": "false",
      "commit.gpgSign": "false",
      "gc.auto": "0",
      "advice.detachedHead": "false",
    }),
  });
}

function git(tree: string, env: Record<string, string>): Git {
  const attempt = (...args: string[]): Promise<GitEnd> =>
    new Promise((resolve) => {
      execFile("git", args, { cwd: tree, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 255;
        resolve({ code, stdout, stderr: stderr || (error?.message ?? "") });
      });
    });
  return {
    tree,
    attempt,
    run: async (...args) => {
      const end = await attempt(...args);
      if (end.code !== 0) throw new GitError(args, end);
      return end.stdout.trim();
    },
    with: (more) => git(tree, { ...env, ...more }),
  };
}

/** Settings for one git command by environment: https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT */
function gitConfig(settings: Record<string, string>): Record<string, string> {
  const entries = Object.entries(settings);
  return Object.fromEntries([
    ["GIT_CONFIG_COUNT", String(entries.length)],
    ...entries.flatMap(([key, value], at) => [
      [`GIT_CONFIG_KEY_${at}`, key],
      [`GIT_CONFIG_VALUE_${at}`, value],
    ]),
  ]);
}
