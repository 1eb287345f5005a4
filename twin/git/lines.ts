import type { Side } from "../model.ts";
import { git } from "./run.ts";

/** Where a line of a file stands in a later commit, or null if the change touched it or took the file away. */
export async function followLine(
  dir: string,
  { from, to, path, line }: { from: string; to: string; path: string; line: number },
): Promise<number | null> {
  const patch = await git(dir, ["diff-tree", "-r", "-p", "-U0", "--no-renames", from, to, "--", path]);
  if (/^deleted file mode/m.test(patch)) return null;
  let shift = 0;
  for (const [, oldStart, oldCount, , newCount] of patch.matchAll(
    /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm,
  )) {
    const start = Number(oldStart);
    const removed = oldCount === undefined ? 1 : Number(oldCount);
    const added = newCount === undefined ? 1 : Number(newCount);
    // A hunk that removes nothing stands after its line.
    if (removed === 0 ? start >= line : start > line) break;
    if (removed > 0 && line < start + removed) return null;
    shift += added - removed;
  }
  return line + shift;
}

/** The diff hunk of a line down to that line, as review comments quote it; undefined if the diff doesn't show it. */
export function hunkUpTo(patch: string, { line, side }: { line: number; side: Side }): string | undefined {
  let shown: string[] = [];
  let next = { LEFT: 0, RIGHT: 0 };
  for (const text of patch.split("\n")) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header) {
      shown = [text];
      next = { LEFT: Number(header[1]), RIGHT: Number(header[2]) };
      continue;
    }
    shown.push(text);
    const sides = sidesOf(text);
    if (sides.includes(side) && next[side] === line) return shown.join("\n");
    for (const advanced of sides) next[advanced] += 1;
  }
  return undefined;
}

function sidesOf(text: string): Side[] {
  if (text.startsWith("+")) return ["RIGHT"];
  if (text.startsWith("-")) return ["LEFT"];
  // "\ No newline at end of file" is no line of either.
  return text.startsWith("\\") ? [] : ["LEFT", "RIGHT"];
}
