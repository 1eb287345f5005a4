import { cut } from "./cut.ts";
import { fenceOf, within } from "./fence.ts";
import type { Fence } from "./fence.ts";
import type { Work } from "./pull.ts";
import { cleanOut, NO_ISSUE } from "./text.ts";

/** What git's own tools show of a line without cutting it. */
const WIDTH = 72;

/** The commit that a task's pull request becomes in the root branch. */
export interface Squash {
  pull: { number: number; title: string };
  work: Pick<Work, "what" | "why">;
  issue: number;
  /** Who asked for the work, as git names people; null where that isn't known. */
  by: { name: string; email: string } | null;
}

/**
 * Its title, with the pull request's number, and its message: what and why, and a trailer for who asked for it. It closes
 * nothing; an agent's words are never its last paragraph, which git reads trailers from.
 */
export function squashMessage({ pull, work, issue, by }: Squash): { title: string; message: string } {
  const whole = oneLine(pull.title) || `Work on #${issue}`;
  const number = ` (#${pull.number})`;
  const short = cut(whole, WIDTH - number.length);
  const parts = [short === whole ? "" : whole, work.what, work.why].filter((part) => part.trim() !== "");
  const words = parts.map((part) => wrapped(cut(cleanOut(part, { issue: NO_ISSUE }), 4000)));
  return {
    title: `${short}${number}`,
    message: [...words, `Part of #${issue}`, ...trailer(by)].join("\n\n"),
  };
}

function trailer(by: Squash["by"]): string[] {
  if (!by || !/^[^\s<>@]+@[^\s<>@]+$/.test(by.email)) return [];
  const name = oneLine(by.name.replaceAll(/[<>]/g, "")) || by.email;
  return [`Co-authored-by: ${name} <${by.email}>`];
}

const oneLine = (text: string): string =>
  cut(cleanOut(text, { issue: NO_ISSUE }).replaceAll(/\s+/g, " ").trim(), 200);

/** `text` with its long lines broken, but for code. */
function wrapped(text: string): string {
  let fence: Fence | null = null;
  return text
    .split("\n")
    .map((line) => {
      const where = fence ? within(line, fence) : "after";
      if (where !== "after") {
        if (where === "end") fence = null;
        return line;
      }
      fence = fenceOf(line);
      return fence ? line : brokenLine(line);
    })
    .join("\n");
}

/** `line` in lines of at most `WIDTH` characters where its words allow it; those of a list item stand below its words. */
function brokenLine(line: string): string {
  const [, indent = "", bullet = "", rest = ""] = /^(\s*)((?:[-*+]|\d{1,9}[.)])\s+)?(.*)$/.exec(line) ?? [];
  const before = indent + " ".repeat(bullet.length);
  const lines = [`${indent}${bullet}`];
  for (const [at, word] of rest.split(" ").entries()) {
    const last = lines.at(-1)!;
    if (at === 0) lines[0] = last + word;
    else if (last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(before + word);
  }
  return lines.join("\n");
}
