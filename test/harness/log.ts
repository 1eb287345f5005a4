import { pino } from "pino";
import type { Logger } from "pino";

/** One line of the app's log. */
export interface Entry {
  level: number;
  msg: string;
  issue?: string;
  effects?: string[];
  [more: string]: unknown;
}

export interface Log {
  logger: Logger;
  /** Every line, oldest first. */
  entries: Entry[];
  /** The last lines, as a failure shows them. */
  tail(lines: number): string;
}

/** The app's log, in memory. */
export function openLog(): Log {
  const entries: Entry[] = [];
  const stream = { write: (line: string) => void entries.push(JSON.parse(line) as Entry) };
  return {
    logger: pino({ level: "info", base: null }, stream),
    entries,
    tail: (lines) => [...new Set(entries.map(shown))].slice(-lines).join("\n"),
  };
}

/** Without the time, so that what repeats is seen once. */
const shown = (entry: Entry): string => `  ${JSON.stringify({ ...entry, time: undefined }).slice(0, 700)}`;
