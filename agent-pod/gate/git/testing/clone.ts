import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** How a git command ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** A work tree with real git in it. */
export interface Clone {
  dir: string;
  url: string;
  /** What git printed, trimmed. Throws when it fails. */
  git(...args: string[]): Promise<string>;
  /** Runs git to its end, whatever that is. */
  attempt(...args: string[]): Promise<Ended>;
  /** Commits `files` (null: removed) on top of HEAD, and returns the commit. */
  commit(message: string, files: Record<string, string | null>): Promise<string>;
}

/** A work tree in `dir`, empty yet, whose git shows `token` to where it came from. */
export function cloneIn(dir: string, url: string, token: string | null): Clone {
  mkdirSync(dir, { recursive: true });
  const header = `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: dir,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.com",
    ...(token === null
      ? {}
      : { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "http.extraHeader", GIT_CONFIG_VALUE_0: header }),
  };
  const attempt = (...args: string[]): Promise<Ended> =>
    new Promise((resolve) => {
      execFile("git", args, { cwd: dir, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 255), stdout, stderr });
      });
    });
  const git = async (...args: string[]): Promise<string> => {
    const end = await attempt(...args);
    if (end.code !== 0) throw new Error(`git ${args.join(" ")} failed: ${end.stderr}`);
    return end.stdout.trim();
  };
  return {
    dir,
    url,
    git,
    attempt,
    commit: async (message, files) => {
      for (const [path, text] of Object.entries(files)) {
        rmSync(join(dir, path), { recursive: true, force: true });
        if (text === null) continue;
        mkdirSync(dirname(join(dir, path)), { recursive: true });
        writeFileSync(join(dir, path), text);
      }
      await git("add", "--all");
      await git("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--message", message);
      return git("rev-parse", "HEAD");
    },
  };
}
