import { readdirSync, readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** One process of this machine for certain: a pid alone is given away again, and start times begin anew with each boot. */
export interface ProcessId {
  pid: number;
  /** Clock ticks since the boot, field 22 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
  startTime: string;
  boot: string;
}

const KILL_ROUNDS = 100;

/** The identity of the process `pid`, or null if there is none or it is a zombie. */
export function identify(pid: number): ProcessId | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in field 2 may hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields[0], fields[19]];
  if (!startTime || state === "Z" || state === "X") return null;
  return { pid, startTime, boot: bootId() };
}

/** Whether that very process still runs. */
export function isAlive(id: ProcessId): boolean {
  const now = identify(id.pid);
  return now !== null && now.startTime === id.startTime && now.boot === id.boot;
}

/** Sends `signal` to that very process and its group, if it still runs. */
export function signalGroup(id: ProcessId, signal: NodeJS.Signals): void {
  if (!isAlive(id)) return;
  try {
    process.kill(-id.pid, signal);
  } catch {
    // gone in the meantime
  }
}

/** The processes of this machine that `ours` tells from others. */
export function findProcesses(ours: (pid: number) => boolean): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && ours(pid) && identify(pid) !== null);
}

/** Kills all of them, also those that they start meanwhile. One that hangs in the kernel is left after two seconds. */
export async function killAll(ours: (pid: number) => boolean): Promise<void> {
  for (let round = 0; round < KILL_ROUNDS; round += 1) {
    const pids = findProcesses(ours);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // gone in the meantime
      }
    }
    await sleep(20);
  }
}

/** Whether the process belongs to that user. */
export function hasUid(pid: number, uid: number): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === uid;
  } catch {
    return false;
  }
}

/** Whether the process was started with this in its environment (`HOME=/x`). */
export function hasEnvironment(pid: number, entry: string): boolean {
  return readOrNull(`/proc/${pid}/environ`)?.split("\0").includes(entry) ?? false;
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
