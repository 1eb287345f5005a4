import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

export type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const running = new Set<Child>();

/**
 * Starts `command` in a process group of its own, with pipes for all three streams: a child that inherited our stdout
 * could print lines in our name.
 */
export function startChild(
  command: readonly string[],
  options: { cwd: string; env: Record<string, string> },
): Child {
  const [program = "", ...args] = command;
  const { cwd, env } = options;
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.once("error", () => running.delete(child));
  // A child that doesn't read what it is told is no error of ours.
  child.stdin.on("error", () => {});
  return child;
}

/** Ends `child` and its process group: asked first, killed after `graceMs`. Done already is no error. */
export async function endChild(child: Child, graceMs: number): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  signalGroup(child, "SIGTERM");
  const timer = new AbortController();
  await Promise.race([ended, sleep(graceMs, undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
  if (!hasEnded(child)) signalGroup(child, "SIGKILL");
  await ended;
  // What it started may have ignored the asking.
  signalGroup(child, "SIGKILL");
}

/** Ends every child that still runs. */
export async function endChildren(graceMs: number): Promise<void> {
  await Promise.all([...running].map((child) => endChild(child, graceMs)));
}

function hasEnded(child: Child): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function signalGroup(child: Child, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // gone in the meantime
  }
}
