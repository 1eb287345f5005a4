import { cut } from "./cut.ts";
import { BREAK, cleanOut } from "./text.ts";

/**
 * Somebody's words on a line of ours, in at most `most` characters and as many backslashes: cleaned, and with no Markdown
 * but code spans, so that they begin no block and draw nothing around them into theirs.
 */
export function inline(text: string, most: number, issue: number): string {
  const line = cut(cleanOut(text, { issue }).replaceAll(/\s+/g, " ").trim(), most);
  return line
    .replaceAll(CODE_OR_MARK, (part, code?: string) => (code ? part : `\\${part}`))
    .replace(/^(\d{0,9})([-+=.)]|#(?=#{0,5}(?: |$)))/, "$1\\$2");
}

/** A code span (https://github.github.com/gfm/#code-spans), or a character that means something to Markdown or HTML. */
const CODE_OR_MARK = /(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)|[\\`*_~[\]<>&|$]/g;

/** Somebody's Markdown as a quotation, cleaned and without HTML: whatever it leaves open ends with the quotation. */
export function quoted(text: string, most: number, issue: number): string {
  const words = cleanOut(text, { issue }).replaceAll(/<(?=[a-z/!?])/gi, `<${BREAK}`);
  return cut(words, most)
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");
}
