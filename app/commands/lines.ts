/** What the line that is looked at stands in. */
type Inside =
  | { kind: "text" }
  | { kind: "fence"; mark: string; indent: number }
  | { kind: "html"; end: RegExp };

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
    if (inside.kind === "fence" && leaves(line, inside)) inside = TEXT;
    if (inside.kind === "fence") {
      if (closes(line, inside)) inside = TEXT;
      continue;
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
  const fence = /^( {0,3}(?:(?:[-*+]|\d{1,9}[.)]) {1,4})*)(`{3,}(?=[^`]*$)|~{3,})/.exec(line);
  if (fence) {
    const [, before, mark] = fence;
    return { kind: "fence", mark: mark!, indent: /[^ ]/.test(before!) ? before!.length : 0 };
  }
  const html = /^ {0,3}<(?:!--|(pre|script|style|textarea|blockquote)\b)(.*)$/is.exec(line);
  if (!html) return null;
  const end = html[1] ? new RegExp(`</${html[1]}`, "i") : /-->/;
  return end.test(html[2]!) ? TEXT : { kind: "html", end };
}

function closes(line: string, { mark }: { mark: string }): boolean {
  const fence = /^\s*(`{3,}|~{3,})\s*$/.exec(line)?.[1];
  return fence !== undefined && fence[0] === mark[0] && fence.length >= mark.length;
}

/** A fence in a list item ends with the item: at the first line that is indented less. */
function leaves(line: string, { indent }: { indent: number }): boolean {
  return line.trim() !== "" && line.search(/[^ ]/) < indent;
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
