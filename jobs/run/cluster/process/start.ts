import { spawn } from "node:child_process";
import { closeSync, existsSync, fchownSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import type { ProcessId } from "./alive.ts";
import { findProcesses, hasEnvironment, identify, isAlive } from "./alive.ts";
import type { RunFolder } from "./folder.ts";
import { ProcessIdFile, readJson, writeOnce, writeWhole } from "./folder.ts";
import { demandEnterable, demandReadable } from "./user.ts";

const RUNNER = fileURLToPath(new URL("../../../../agent-pod/runner/main.ts", import.meta.url));
const START_WAIT_MS = 30_000;

/**
 * Sees to it that the run's process was started, once: of many callers, also in other processes, one starts it, and the
 * rest wait for that. A caller killed while it started is told by its marker, and the runner that it may have started by
 * what the runner's environment names. Throws if it can't be started.
 */
export async function startOnce(folder: RunFolder, start: () => Promise<ProcessId>): Promise<void> {
  for (const until = Date.now() + START_WAIT_MS; Date.now() < until; await sleep(50)) {
    if (existsSync(folder.pid)) return;
    const { count, holder } = lastMarker(folder);
    if (holder && isAlive(holder)) continue;
    const running = findRunner(folder);
    if (running) {
      writeWhole(folder.pid, JSON.stringify(running));
      return;
    }
    const marker = join(folder.dir, `start.${count}`);
    if (!writeOnce(marker, JSON.stringify(identify(process.pid)))) continue;
    try {
      writeWhole(folder.pid, JSON.stringify(await start()));
    } catch (error) {
      rmSync(marker);
      throw error;
    }
    return;
  }
  throw new Error(
    `Another process of ours has been starting the run in ${folder.dir} for ${START_WAIT_MS / 1000} seconds.`,
  );
}

/** Starts the runner, which outlives us, in a session of its own. `exited` is called if it ends while we live. */
export async function spawnRunner(
  folder: RunFolder,
  options: {
    uid: number | null;
    pass: string;
    gate: string;
    env: Record<string, string>;
    exited: () => void;
  },
): Promise<ProcessId> {
  const { uid, pass, gate, env, exited } = options;
  if (uid !== null) {
    demandReadable(process.execPath);
    demandReadable(RUNNER);
    demandEnterable(folder.dir);
  }
  const { own } = folder;
  writePass(own.pass, pass, uid);
  const out = openSync(folder.lines, "a", 0o600);
  const err = openSync(folder.err, "a", 0o600);
  try {
    const child = spawn(process.execPath, [RUNNER], {
      cwd: own.work,
      env: { ...cleanEnvironment(folder), COXSWAIN_GATE: gate, ...env },
      detached: true,
      stdio: ["ignore", out, err],
      ...(uid === null ? {} : { uid, gid: uid }),
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.once("exit", exited);
    child.unref();
    const id = identify(child.pid ?? 0);
    // Over already: its exit tells how.
    return id ?? { pid: child.pid ?? 0, startTime: "ended", boot: "" };
  } finally {
    closeSync(out);
    closeSync(err);
  }
}

/** A new file for sure, and no link: a start that was cut short may have let the run's user into that folder. */
function writePass(path: string, pass: string, uid: number | null): void {
  rmSync(path, { force: true });
  const fd = openSync(path, "wx", 0o600);
  try {
    writeSync(fd, pass);
    if (uid !== null) fchownSync(fd, uid, uid);
  } finally {
    closeSync(fd);
  }
}

function cleanEnvironment(folder: RunFolder): Record<string, string> {
  const { own } = folder;
  // Under npm the PATH begins with our own node_modules, which is nothing for a repository's commands.
  const path = (process.env["PATH"] ?? "/usr/bin:/bin")
    .split(":")
    .filter((entry) => !entry.includes("node_modules"));
  return {
    PATH: [dirname(process.execPath), ...path].join(":"),
    LANG: process.env["LANG"] ?? "C.UTF-8",
    HOME: own.home,
    TMPDIR: own.tmp,
    COXSWAIN_BRIEF: folder.brief,
    COXSWAIN_PASS_FILE: own.pass,
    COXSWAIN_OUTCOME: own.outcome,
    COXSWAIN_WORK: own.work,
  };
}

/** The run's runner, found by what no other process has in its environment. */
function findRunner(folder: RunFolder): ProcessId | null {
  const [pid] = findProcesses((pid) => hasEnvironment(pid, `COXSWAIN_OUTCOME=${folder.own.outcome}`));
  return pid === undefined ? null : identify(pid);
}

function lastMarker(folder: RunFolder): { count: number; holder: ProcessId | null } {
  const count = readdirSync(folder.dir).filter((name) => /^start\.\d+$/.test(name)).length;
  return {
    count,
    holder: count === 0 ? null : readJson(join(folder.dir, `start.${count - 1}`), ProcessIdFile),
  };
}
