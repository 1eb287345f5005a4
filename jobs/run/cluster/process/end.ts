import { rmSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { RUN_BYTES } from "../../../../agent-pod/contract/lines.ts";
import { hasEnvironment, hasUid, isAlive, killAll, signalGroup } from "./alive.ts";
import type { HaltedFile, RunFolder, SpecFile } from "./folder.ts";
import {
  EndedFile,
  HaltedFile as Halted,
  ProcessIdFile,
  readJson,
  readOutcome,
  writeOnce,
} from "./folder.ts";
import { tailOf } from "./log.ts";

/** The runner's own log ends at `RUN_BYTES`: what makes it longer than this isn't the runner. */
const LOG_BYTES = 4 * RUN_BYTES;
const LATE_GRACE_MS = 5_000;

/**
 * How the run ended, or null while it runs. It is also where a run past its deadline, or one that fills the disk, is told
 * to end, and where one that was told to is killed when its grace is over: so a restart of ours forgets neither.
 */
export async function endOf(folder: RunFolder, spec: SpecFile, now: Date): Promise<EndedFile | null> {
  const known = readJson(folder.ended, EndedFile);
  if (known) return known;
  const runner = readJson(folder.pid, ProcessIdFile);
  const halted = readJson(folder.halted, Halted);
  if (!runner) return halted ? settle(folder, spec, { halted, now }) : lateStart(folder, spec, now);
  if (!isAlive(runner) || (halted && now >= halted.killAt)) return settle(folder, spec, { halted, now });
  const due = halted ? null : dueHalt(folder, spec, now);
  if (due) halt(folder, due);
  return null;
}

/** Tells the run to end; the first reason counts. */
function halt(folder: RunFolder, why: HaltedFile): void {
  writeOnce(folder.halted, JSON.stringify(why));
  const runner = readJson(folder.pid, ProcessIdFile);
  if (runner && isAlive(runner)) process.kill(runner.pid, "SIGTERM");
}

/** Tells the run to end, waits until it has or `graceMs` are over, and kills what is left. */
export async function endNow(folder: RunFolder, spec: SpecFile, graceMs: number): Promise<void> {
  const now = new Date();
  halt(folder, { reason: "deleted", say: "It was stopped.", killAt: new Date(now.getTime() + graceMs) });
  const runner = readJson(folder.pid, ProcessIdFile);
  for (const until = now.getTime() + graceMs; Date.now() < until; await sleep(50)) {
    if (!runner || !isAlive(runner)) break;
  }
  await settle(folder, spec, { halted: readJson(folder.halted, Halted), now: new Date() });
}

/** A run that was never started, because we died over it, is over at its deadline. */
async function lateStart(folder: RunFolder, spec: SpecFile, now: Date): Promise<EndedFile | null> {
  if (now < spec.deadline) return null;
  halt(folder, { reason: "deadline", say: "It was never started, and its time is over.", killAt: now });
  return endOf(folder, spec, now);
}

function dueHalt(folder: RunFolder, spec: SpecFile, now: Date): HaltedFile | null {
  if (now >= spec.deadline) {
    const minutes = Math.round((spec.deadline.getTime() - spec.startedAt.getTime()) / 60_000);
    const say = `It didn't end by itself and was ended after ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
    return { reason: "deadline", say, killAt: new Date(now.getTime() + LATE_GRACE_MS) };
  }
  const bytes = [folder.lines, folder.err].reduce((sum, log) => sum + sizeOf(log), 0);
  return bytes > LOG_BYTES
    ? { reason: "crashed", say: "It was ended because its log ran over.", killAt: now }
    : null;
}

function sizeOf(log: string): number {
  return statSync(log, { throwIfNoEntry: false })?.size ?? 0;
}

/** Kills what is left of the run and writes down how it ended, once and for all. */
async function settle(
  folder: RunFolder,
  spec: SpecFile,
  seen: { halted: HaltedFile | null; now: Date },
): Promise<EndedFile> {
  await killRun(folder, spec);
  rmSync(folder.own.pass, { force: true });
  const left = readOutcome(folder.own.outcome);
  const end: EndedFile = left
    ? { kind: "ended", at: left.at, outcome: left.outcome }
    : { kind: "lost", at: seen.now, ...(seen.halted ?? (await crash(folder))) };
  writeOnce(folder.ended, JSON.stringify(end));
  return readJson(folder.ended, EndedFile) ?? end;
}

/** Kills every process of the run. */
export async function killRun(folder: RunFolder, spec: SpecFile): Promise<void> {
  const runner = readJson(folder.pid, ProcessIdFile);
  if (runner) signalGroup(runner, "SIGKILL");
  await killAll((pid) => belongs(folder, spec, pid));
}

async function crash(folder: RunFolder): Promise<{ say: string; reason: "crashed" }> {
  const words = await tailOf(folder.err, 1_000);
  const say = "It ended without an outcome.";
  return { say: words === "" ? say : `${say} Its last words: ${words}`, reason: "crashed" };
}

/** With a user of its own a run's processes are that user's; without, those that have its HOME. */
function belongs(folder: RunFolder, spec: SpecFile, pid: number): boolean {
  if (spec.uid !== null) return hasUid(pid, spec.uid);
  return hasEnvironment(pid, `HOME=${folder.own.home}`);
}
