import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Repository } from "../model.ts";
import type { World } from "../world.ts";

/** Where a repository's bare git repository lies. */
export function gitDir(world: World, repository: Repository): string {
  return join(world.dir, "git", `${repository.id}.git`);
}

/** Git ended with another code than 0. */
export class GitFailure extends Error {
  readonly code: number;
  readonly stdout: string;

  constructor(args: readonly string[], code: number, stdout: string, stderr: string) {
    super(`git ${args[0] ?? ""} ended with ${code}: ${stderr.trim() || stdout.trim()}`);
    this.code = code;
    this.stdout = stdout;
  }
}

/** No settings of this machine or of whoever runs the twin. */
export const cleanGitEnvironment: Record<string, string> = {
  PATH: process.env["PATH"] ?? "/usr/bin:/bin",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
};

/** Runs git in a bare repository and gives its output as bytes. @throws GitFailure */
export function gitBytes(
  dir: string,
  args: readonly string[],
  options: { input?: string | Buffer; env?: Record<string, string> } = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["--git-dir", dir, ...args], {
      env: { ...cleanGitEnvironment, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    // Git may end without reading its input; its exit code tells what counts.
    child.stdin.on("error", () => {});
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else
        reject(new GitFailure(args, code ?? 1, Buffer.concat(out).toString(), Buffer.concat(err).toString()));
    });
    child.stdin.end(options.input ?? "");
  });
}

/** Runs git in a bare repository and gives its output as text, without the last newline. @throws GitFailure */
export function git(
  dir: string,
  args: readonly string[],
  options: { input?: string | Buffer; env?: Record<string, string> } = {},
): Promise<string> {
  return isFixed(args) ? remembered(dir, args) : text(dir, args, options);
}

async function text(
  dir: string,
  args: readonly string[],
  options: Parameters<typeof git>[2],
): Promise<string> {
  return (await gitBytes(dir, args, options)).toString("utf8").replace(/\n$/, "");
}

/** What these tell of objects that are named in full is the same for ever. */
const FIXED = new Set(["cat-file", "diff-tree", "log", "merge-base", "merge-tree", "rev-list", "rev-parse"]);
const IN_FULL = /^[0-9a-f]{40}(?:\.{2,3}[0-9a-f]{40}|:.*)?$/;

function isFixed([command = "", ...args]: readonly string[]): boolean {
  const paths = args.indexOf("--");
  const before = paths < 0 ? args : args.slice(0, paths);
  const named = before.filter((arg) => !arg.startsWith("-"));
  return FIXED.has(command) && named.length > 0 && named.every((arg) => IN_FULL.test(arg));
}

/** Each look asks all of it again, and to start a process takes longer than to answer. */
const MOST_REMEMBERED = 5000;
const answers = new Map<string, Promise<string>>();

function remembered(dir: string, args: readonly string[]): Promise<string> {
  const key = [dir, ...args].join("\0");
  const known = answers.get(key);
  if (known) return known;
  const answer = text(dir, args, {});
  answers.set(key, answer);
  answer.catch((error) => {
    // 1 is an answer too: a conflict, no ancestor. With others an object may not be there yet.
    if (!(error instanceof GitFailure && error.code === 1)) answers.delete(key);
  });
  const [oldest] = answers.keys();
  if (answers.size > MOST_REMEMBERED && oldest !== undefined) answers.delete(oldest);
  return answer;
}

/** The answer to a question that git answers with its exit code. */
export async function gitSays(dir: string, args: readonly string[]): Promise<boolean> {
  try {
    await git(dir, args);
    return true;
  } catch (error) {
    if (error instanceof GitFailure) return false;
    throw error;
  }
}
