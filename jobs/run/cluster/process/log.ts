import { watch } from "node:fs";
import { open, readFile } from "node:fs/promises";

import type { Line } from "../../../../agent-pod/contract/lines.ts";
import { LINE_BYTES, parseLine } from "../../../../agent-pod/contract/lines.ts";
import { answersAmong, lineSplitter } from "../lines.ts";

const CHUNK_BYTES = 256 * 1024;
const LOOK_EVERY_MS = 1_000;

/** Takes the runner's lines out of what it printed: noise, and numbers that don't rise, are dropped. */
function lineReader(): (chunk: Buffer) => Line[] {
  const split = lineSplitter(LINE_BYTES + 1);
  let last = -1;
  const accept = (text: string): Line | null => {
    const line = parseLine(text);
    if (!line || line.n <= last) return null;
    last = line.n;
    return line;
  };
  return (chunk) =>
    split(chunk)
      .map(accept)
      .filter((line) => line !== null);
}

/** The last answer to each item of feedback in a log that is complete. */
export async function answersIn(log: string): Promise<Record<string, string>> {
  const whole = await readFile(log).catch(() => Buffer.alloc(0));
  return answersAmong(lineReader()(whole));
}

/** The end of a log, at most `bytes` of it. */
export async function tailOf(log: string, bytes: number): Promise<string> {
  const file = await open(log).catch(() => null);
  if (!file) return "";
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, Math.max(0, size - bytes));
    return buffer.toString("utf8", 0, bytesRead).trim();
  } finally {
    await file.close();
  }
}

/** The lines of a log that grows, as they come, until `over` says that nothing will be added, or `signal` aborts. */
export async function* followLog(
  log: string,
  over: () => Promise<boolean>,
  signal: AbortSignal,
): AsyncGenerator<Line> {
  const read = lineReader();
  let position = 0;
  for (let ended = false; !signal.aborted;) {
    const changed = nextChange(log, signal);
    // Asked before the last read: what was printed before the end is then in the file.
    ended = await over();
    for (;;) {
      const chunk = await chunkAt(log, position);
      if (chunk.length === 0 || signal.aborted) break;
      position += chunk.length;
      yield* read(chunk);
    }
    if (ended) return;
    await changed;
  }
}

async function chunkAt(log: string, position: number): Promise<Buffer> {
  const file = await open(log).catch(() => null);
  if (!file) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Resolves when the file changes, and after a second anyway: not every change is told. */
function nextChange(log: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => resolve();
  const timer = setTimeout(wake, LOOK_EVERY_MS);
  const watcher = watchOrNull(log, wake);
  signal.addEventListener("abort", wake);
  return promise.finally(() => {
    clearTimeout(timer);
    watcher?.close();
    signal.removeEventListener("abort", wake);
  });
}

function watchOrNull(log: string, changed: () => void): ReturnType<typeof watch> | null {
  try {
    return watch(log, changed).on("error", changed);
  } catch {
    return null; // it isn't there yet
  }
}
