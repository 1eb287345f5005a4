import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { emptyState } from "./store.ts";
import type { State } from "./store.ts";
import { insert } from "./table.ts";
import type { Table } from "./table.ts";

/** How long changes are collected before they are written, in milliseconds. */
const restMs = 1000;

/** Writes the state into its folder, soon after it changed. */
export interface Saver {
  changed: () => void;
  /** Writes now what isn't written yet. */
  flush: () => void;
}

/** The state that was saved in a folder, or an empty one. @throws if the file is there but isn't a saved state */
export function loadState(dir: string): State {
  mkdirSync(join(dir, "git"), { recursive: true });
  const state = emptyState();
  const saved = read(fileIn(dir));
  if (saved === undefined) return state;
  const { ids, ...rows } = JSON.parse(saved) as { ids: { last: number } } & Record<string, { id: number }[]>;
  state.ids.last = ids.last;
  for (const [name, table] of tables(state)) for (const row of rows[name] ?? []) insert(table, row);
  return state;
}

/** Saves a state whenever it rests after a change. */
export function saveInto(dir: string, state: State): Saver {
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    const rows = tables(state).map(([name, table]) => [name, [...table.rows.values()]] as const);
    const file = fileIn(dir);
    writeFileSync(`${file}.new`, JSON.stringify({ ids: state.ids, ...Object.fromEntries(rows) }), {
      mode: 0o600,
    });
    renameSync(`${file}.new`, file);
  };
  return { changed: () => (timer ??= setTimeout(flush, restMs).unref()), flush };
}

function tables(state: State): [string, Table<{ id: number }>][] {
  const { ids: _, ...named } = state;
  return Object.entries<Table<{ id: number }>>(named);
}

function fileIn(dir: string): string {
  return join(dir, "state.json");
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
