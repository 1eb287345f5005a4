import { setTimeout as sleep } from "node:timers/promises";

import type { Line } from "../../../../agent-pod/contract/lines.ts";
import { LINE_BYTES, parseLine } from "../../../../agent-pod/contract/lines.ts";
import type { Gap, SeenLine } from "../cluster.ts";
import { answersAmong, lineSplitter } from "../lines.ts";
import { NoLog } from "./log.ts";
import type { LogPart } from "./log.ts";

/** A run, as far as its log goes. */
export interface LogSource {
  /** Resolves when its log may be read; null: it is over, and there is none. Rejects when the signal aborts. */
  begun(signal: AbortSignal): Promise<string | null>;
  /** Resolves when it is over. Rejects when the signal aborts. */
  over(signal: AbortSignal): Promise<void>;
  isOver(): boolean;
  read(pod: string, part: LogPart, signal: AbortSignal): AsyncIterable<Buffer>;
}

/** The time before each line, and a space. */
const TIME_BYTES = 40;
/** So long a log may go on after the run is over before its connection is taken for dead. */
const LATE_MS = 5000;
const AGAIN_MS = 1000;
const TRIES = 5;

/**
 * The run's lines from number `from` on, until it is over or the signal aborts. After a cut it begins a second before the
 * last line that it saw, and drops what it knows; where numbers are missing, because the log was rotated, it says how many.
 * What a pod showed of the network is handed on only if it is the log's first line, as the first connection gives it: code of the
 * repository, which may print in the runner's name and have the log rotated, runs after that line was printed.
 */
export async function* followLines(
  source: LogSource,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<SeenLine> {
  const lines = numbered(from);
  const pod = await source.begun(signal).catch(() => null);
  if (pod === null) return;
  for (let cuts = 0; !signal.aborted;) {
    const wasOver = source.isOver();
    const part = { follow: !wasOver, since: lines.since() };
    const reading = readingOf(source, signal);
    const end = yield* taken(source.read(pod, part, reading.signal), lines, reading.close);
    cuts = end === "whole" ? 0 : cuts + 1;
    // Read to its end after the run's: there is no more.
    if (wasOver && (end !== "cut" || cuts >= TRIES)) return;
    await pause(source, AGAIN_MS * 2 ** Math.min(cuts, 5), signal);
  }
}

/** The last answer to each item of feedback of a run that is over; none where its log is gone. */
export async function answersOf(source: LogSource, signal: AbortSignal): Promise<Record<string, string>> {
  return answersAmong(await Array.fromAsync(followLines(source, 0, signal)));
}

/** Hands on what is read; returns whether that is all, for now, or it was cut short, or there is nothing. */
async function* taken(
  chunks: AsyncIterable<Buffer>,
  lines: Numbered,
  close: () => void,
): AsyncGenerator<SeenLine, "whole" | "cut" | "none"> {
  try {
    for await (const chunk of chunks) yield* lines.take(chunk);
    return "whole";
  } catch (error) {
    return error instanceof NoLog && error.status === 404 ? "none" : "cut";
  } finally {
    lines.cut();
    close();
  }
}

/** Waits, but not longer than for the run's end. */
async function pause(source: LogSource, ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const waits = [source.over(both), sleep(ms, undefined, { signal: both })];
  await Promise.race(waits.map((wait) => wait.catch(() => {})));
  over.abort();
}

/** A signal for one connection: it ends with the follower, and a little after the run. */
function readingOf(source: LogSource, signal: AbortSignal): { signal: AbortSignal; close: () => void } {
  const done = new AbortController();
  const both = AbortSignal.any([signal, done.signal]);
  const closeLate = async (): Promise<void> => {
    if (!source.isOver()) await source.over(both);
    await sleep(LATE_MS, undefined, { signal: both });
    done.abort();
  };
  closeLate().catch(() => {});
  return { signal: both, close: () => done.abort() };
}

interface Numbered {
  take(chunk: Buffer): SeenLine[];
  /** The connection is cut: what it left of a line isn't one. */
  cut(): void;
  /** Where to begin again. */
  since(): Date | null;
}

function numbered(from: number): Numbered {
  let split = lineSplitter(LINE_BYTES + TIME_BYTES);
  let next = from;
  let last: Date | null = null;
  let isFirst = true;
  const accept = (text: string): SeenLine[] => {
    const space = text.indexOf(" ");
    const line = parseLine(text.slice(space + 1));
    if (!line) return [];
    const at = new Date(text.slice(0, space));
    if (!Number.isNaN(at.getTime())) last = at;
    if (line.n < next) return [];
    const lost = line.n - next;
    next = line.n + 1;
    const isBelieved = line.kind !== "walls" || (isFirst && line.n === 0);
    isFirst = false;
    if (!isBelieved) return [];
    return lost === 0 ? [line] : [gapBefore(line, lost), line];
  };
  return {
    take: (chunk) => split(chunk).flatMap(accept),
    cut: () => {
      isFirst = false;
      split = lineSplitter(LINE_BYTES + TIME_BYTES);
    },
    since: () => last && new Date(last.getTime() - 1000),
  };
}

const gapBefore = ({ n }: Line, lines: number): Gap => ({
  n: n - 1,
  kind: "lost",
  lines,
  text: `${lines} ${lines === 1 ? "line" : "lines"} lost`,
});
