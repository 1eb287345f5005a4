import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { OUTCOME_BYTES, Outcome, parseOutcome } from "../../../../agent-pod/contract/outcome.ts";

/** Where the files of one run are. Only what is under `own` belongs to the run's user; the rest is ours. */
export interface RunFolder {
  dir: string;
  spec: string;
  brief: string;
  /** Its runner's process. */
  pid: string;
  /** Its runner's stdout and stderr. */
  lines: string;
  err: string;
  spent: string;
  /** That it was told to end, and why. */
  halted: string;
  /** How it ended, once that is known. */
  ended: string;
  own: { pass: string; outcome: string; home: string; work: string; tmp: string; out: string };
}

export function runFolder(dir: string): RunFolder {
  const at = (name: string): string => join(dir, name);
  return {
    dir,
    spec: at("spec.json"),
    brief: at("brief.json"),
    pid: at("pid.json"),
    lines: at("lines.log"),
    err: at("err.log"),
    spent: at("spent"),
    halted: at("halted.json"),
    ended: at("ended.json"),
    own: {
      pass: at("out/pass"),
      outcome: at("out/outcome.json"),
      out: at("out"),
      home: at("home"),
      work: at("work"),
      tmp: at("tmp"),
    },
  };
}

export const ProcessIdFile = z.object({ pid: z.int().positive(), startTime: z.string(), boot: z.string() });

/** What a run is, as its folder keeps it: without its pass. */
export const SpecFile = z.object({
  name: z.string(),
  labels: z.object({
    repository: z.string(),
    repositoryId: z.int(),
    installationId: z.int(),
    issue: z.int(),
    task: z.string(),
    purpose: z.enum(["implement", "fix", "resolve"]),
    attempt: z.int(),
  }),
  /** The run's user; null where we aren't root. */
  uid: z.int().min(20_000).nullable(),
  startedAt: z.coerce.date(),
  deadline: z.coerce.date(),
});
export type SpecFile = z.infer<typeof SpecFile>;

export const HaltedFile = z.object({
  reason: z.enum(["crashed", "deadline", "deleted"]),
  say: z.string(),
  /** When it is killed, if it hasn't ended by itself. */
  killAt: z.coerce.date(),
});
export type HaltedFile = z.infer<typeof HaltedFile>;

export const EndedFile = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ended"), at: z.coerce.date(), outcome: Outcome }),
  z.object({
    kind: z.literal("lost"),
    at: z.coerce.date(),
    say: z.string(),
    reason: z.enum(["crashed", "deadline", "deleted"]),
  }),
]);
export type EndedFile = z.infer<typeof EndedFile>;

/** The file's JSON by its schema, or null if there is no such file. Throws if it is something else. */
export function readJson<T>(path: string, schema: z.ZodType<T>): T | null {
  const text = readText(path);
  return text === null ? null : schema.parse(JSON.parse(text));
}

/** The file's text, or null if there is no such file. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Writes a file whole or not at all. */
export function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(unfinished, text, { mode: 0o600 });
  renameSync(unfinished, path);
}

/** Writes a file whole, unless it is there: then it says false. */
export function writeOnce(path: string, text: string): boolean {
  const unfinished = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(unfinished, text, { mode: 0o600 });
  try {
    linkSync(unfinished, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(unfinished);
  }
}

/**
 * The outcome that the run left, and when, or null. The run's user owns that folder: no link is followed, no pipe waited
 * for, and no more read than an outcome is long.
 */
export function readOutcome(path: string): { outcome: Outcome; at: Date } | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const { mtime, size } = fstatSync(fd);
    if (!fstatSync(fd).isFile() || size > OUTCOME_BYTES) return null;
    const outcome = parseOutcome(readFileSync(fd, "utf8"));
    return outcome && { outcome, at: mtime };
  } finally {
    closeSync(fd);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
