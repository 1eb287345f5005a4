import { execFile } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

import type { RunSpec } from "../cluster.ts";
import { identify } from "./alive.ts";
import type { RunFolder, SpecFile } from "./folder.ts";
import { runFolder } from "./folder.ts";
import { asRoot, freeUid } from "./user.ts";

/** Makes the folder of a run, whole or not at all; one that is there stays. The run's user is none of `taken`. */
export function makeFolder(
  dir: string,
  spec: RunSpec,
  times: { startedAt: Date; deadline: Date },
  taken: ReadonlySet<number>,
): void {
  if (existsSync(dir)) return;
  const unfinished = runFolder(hiddenName(dir));
  const uid = asRoot() ? freeUid(dir, taken) : null;
  const { name, labels, brief } = spec;
  const file: SpecFile = { name, labels, uid, ...times };
  mkdirSync(unfinished.dir, { mode: 0o711 });
  writeFileSync(unfinished.spec, JSON.stringify(file), { mode: 0o600 });
  writeFileSync(unfinished.brief, JSON.stringify(brief), { mode: 0o400 });
  const { out, home, work, tmp } = unfinished.own;
  for (const own of [out, home, work, tmp]) mkdirSync(own, { mode: 0o700 });
  if (uid !== null) for (const own of [unfinished.brief, out, home, work, tmp]) chownSync(own, uid, uid);
  try {
    renameSync(unfinished.dir, dir);
  } catch (error) {
    rmSync(unfinished.dir, { recursive: true });
    if (!existsSync(dir)) throw error;
  }
}

/** Removes the folder of a run: out of sight in one step, then from the disk. One that isn't there is no error. */
export async function removeFolder(folder: RunFolder): Promise<void> {
  if (!existsSync(folder.dir)) return;
  const leaving = hiddenName(folder.dir);
  renameSync(folder.dir, leaving);
  await rm(leaving, { recursive: true, force: true }).catch(async () => {
    // Some programs leave folders that their own user can't write (Go's module cache).
    await promisify(execFile)("chmod", ["-R", "u+rwX", leaving]);
    await rm(leaving, { recursive: true, force: true });
  });
}

/** Removes folders that were being made or removed when the process that did so died. */
export function clearUnfinished(runs: string): void {
  for (const name of readdirSync(runs)) {
    const maker = /^\.[^.]+\.(\d+)\./.exec(name)?.[1];
    if (maker && !identify(Number(maker))) rmSync(join(runs, name), { recursive: true, force: true });
  }
}

function hiddenName(dir: string): string {
  return join(dirname(dir), `.${basename(dir)}.${process.pid}.${Math.random().toString(36).slice(2)}`);
}
