import { fenceOf, within } from "../words/fence.ts";
import type { Fence } from "../words/fence.ts";

/** What the line that is looked at stands in. */
type Inside = { kind: "text" } | { kind: "fence"; fence: Fence } | { kind: "html"; end: RegExp };

const TEXT: Inside = { kind: "text" };

/**
 * The lines of a comment that its writer says: not those in code (fenced, indented, `<pre>`), quotes or HTML comments.
 * Close to CommonMark (https://github.github.com/gfm/), without lists: a line in a list item counts if it begins a line.
 */
export function saidLines(markdown: string): string[] {
  const lines = markdown.split(/\r\n|\n|\r/);
  const lastEnd = lines.findLastIndex((line) => line.includes("-->"));
  const said: string[] = [];
  let inside = TEXT;
  for (const [at, line] of lines.entries()) {
    if (inside.kind === "fence") {
      const where = within(line, inside.fence);
      if (where !== "code") inside = TEXT;
      if (where !== "after") continue;
    }
    if (inside.kind === "html") {
      if (inside.end.test(line)) inside = TEXT;
      continue;
    }
    const block = opened(line);
    if (block) {
      inside = block;
      continue;
    }
    const { text, open } = withoutComments(line);
    // One that never ends is no comment: GitHub shows it.
    if (open && at < lastEnd) inside = { kind: "html", end: /-->/ };
    if (isSaid(text)) said.push(text);
  }
  return said;
}

/** The fence or HTML block that `line` begins; one that also ends on it leaves plain text behind. */
function opened(line: string): Inside | null {
  const fence = fenceOf(line);
  if (fence) return { kind: "fence", fence };
  const html = /^ {0,3}<(?:!--|(pre|script|style|textarea|blockquote)\b)(.*)$/is.exec(line);
  if (!html) return null;
  const end = html[1] ? new RegExp(`</${html[1]}`, "i") : /-->/;
  return end.test(html[2]!) ? TEXT : { kind: "html", end };
}

/** `line` without the HTML comments that end on it, and up to one that doesn't; in code spans there are none. */
function withoutComments(line: string): { text: string; open: boolean } {
  const whole = line.replaceAll(/<!--.*?-->/gs, "");
  const begins = whole.replaceAll(/`[^`]*`/g, (code) => " ".repeat(code.length)).indexOf("<!--");
  return begins < 0 ? { text: whole, open: false } : { text: whole.slice(0, begins), open: true };
}

function isSaid(line: string): boolean {
  return !/^(?: {4}|\s*\t| {0,3}>)/.test(line);
}
