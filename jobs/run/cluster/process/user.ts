import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { dirname } from "node:path";

import { findProcesses, hasUid } from "./alive.ts";

const FIRST_UID = 20_000;
const UIDS = 40_000;

/** Whether runs get a user of their own: only root can give them one. */
export const asRoot = (): boolean => process.getuid?.() === 0;

/** A user id for the run in `dir` that no process of this machine has, nor one of `taken`. Throws if there is none. */
export function freeUid(dir: string, taken: ReadonlySet<number>): number {
  const start = createHash("sha256").update(dir).digest().readUInt32BE(0);
  for (let step = 0; step < UIDS; step += 1) {
    const uid = FIRST_UID + ((start + step) % UIDS);
    if (!taken.has(uid) && findProcesses((pid) => hasUid(pid, uid)).length === 0) return uid;
  }
  throw new Error("There is no free user id for a run.");
}

/** Throws, with what to do, if another user can't get to `path` and read it. */
export function demandReadable(path: string): void {
  if ((statSync(path).mode & 0o004) === 0) throw unreadable(path, path, "read");
  demandEnterable(dirname(path), path);
}

/** Throws, with what to do, if another user can't pass through `folder` and all above it. */
export function demandEnterable(folder: string, wanted: string = folder): void {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) throw unreadable(at, wanted, "enter");
    if (at === dirname(at)) return;
  }
}

function unreadable(at: string, wanted: string, verb: "read" | "enter"): Error {
  const mode = verb === "read" ? "o+r" : "o+x";
  return new Error(
    `As root, every run gets a user of its own, and that one can't ${verb} ${at}, which it needs for ${wanted}. ` +
      `Put it elsewhere, or \`chmod ${mode} ${at}\`.`,
  );
}
