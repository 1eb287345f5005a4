import { cut } from "./cut.ts";
import { fenceOf, within } from "./fence.ts";
import type { Fence } from "./fence.ts";
import { redact } from "./redact.ts";

/** GitHub takes 65,536 characters in one text; ours stand around an agent's. */
const MOST_OUT = 60_000;
/** More than this of one text isn't even read: the patterns below take their time. */
const MOST_READ = 200_000;

/** Default-ignorable characters (zero-width, bidirectional, tags, variation selectors …) and controls. */
const INVISIBLE = /[\p{DI}\uFFF9-\uFFFB]|[\p{Cc}--[\n\t]]/gv;

/** For `cleanOut`: an agent's words close no issue at all. */
export const NO_ISSUE = 0;

/** Breaks a word that a machine reads, and isn't seen by people. */
export const BREAK = "\u200B";

/**
 * Somebody's Markdown for the eyes of an agent or of the planner: what the page hides from the people who approved it is
 * gone, or stands there as visible text that is marked so (GATE.md, "Text").
 */
export function cleanIn(markdown: string): string {
  return (
    withoutComments(plain(markdown))
      // One that begins a line and never ends hides the rest of the page.
      .replace(/^ {0,3}<!--[^]*/m, "")
      .replaceAll("![", `[${HIDDEN} `)
      .replaceAll(/<[a-z][^<>]*>/gi, attributesShown)
      .replaceAll(/<details\b[^<>]*>/gi, "[folded on the page:")
      .replaceAll(/<\/details\s*>/gi, "]")
      .replaceAll(/<\/?summary\b[^<>]*>/gi, "")
      // A link's definition, and `[//]: # (text)`, which defines nothing; footnotes are seen.
      .replaceAll(/^([ >]*)\[(?!\^)([^\]\n]+)\]:/gm, `$1[${HIDDEN}] [$2]:`)
      .trim()
  );
}

/**
 * An agent's words for GitHub: they notify nobody, close no issue but `issue`, command no bot, carry no secret and no
 * hidden text, and what they leave open is closed (GATE.md, "Text").
 */
export function cleanOut(text: string, { issue }: { issue: number }): string {
  const read = withoutReferences(plain(text.slice(0, MOST_READ)));
  const words = withoutComments(read).replaceAll("<!--", `<${BREAK}!--`);
  const defused = withoutCommands(withoutClosing(redact(words), issue));
  return closed(cut(defused.trim(), MOST_OUT)).toWellFormed();
}

function plain(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n").replaceAll(INVISIBLE, "").toWellFormed();
}

const HIDDEN = "hidden on the page:";

/** A space takes the place of each comment: nothing beside it becomes a new one. A pattern would take quadratic time. */
function withoutComments(text: string): string {
  let without = "";
  for (let at = 0; ;) {
    const from = text.indexOf("<!--", at);
    const to = from < 0 ? -1 : text.indexOf("-->", from + 4);
    if (to < 0) return without + text.slice(at);
    without += `${text.slice(at, from)} `;
    at = to + 3;
  }
}

/** The texts in `tag` that the page doesn't show, after the tag without them. */
function attributesShown(tag: string): string {
  const attributes = /[\s/](?:alt|title|aria-\w+)\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)/gi;
  const texts = [...tag.matchAll(attributes)].map(
    ([, value]) => ` [${HIDDEN} ${value!.replaceAll(/^["']|["']$/g, "")}]`,
  );
  return tag.replaceAll(attributes, "") + texts.join("");
}

/**
 * References to characters that mean something to GitHub once the page is rendered, as in `&#64;name` or `Clos&#101;s`.
 * In a block of HTML they need no semicolon (https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state).
 */
const REFERENCE = /&(?:#0*(\d{2,3})(?!\d);?|#x0*([\da-f]{2})(?![\da-f]);?|(commat|num|sol|colon);)/gi;
const NAMED = { commat: "@", num: "#", sol: "/", colon: ":" } as const;

/** What is a reference only once others are read, as `&&#35;64;`, is shown as it is. */
function withoutReferences(text: string): string {
  const read = text.replaceAll(REFERENCE, decoded);
  return read.replaceAll(REFERENCE, (reference, ...groups: string[]) =>
    decoded(reference, ...groups) === reference ? reference : `&amp;${reference.slice(1)}`,
  );
}

function decoded(reference: string, decimal?: string, hex?: string, name?: string): string {
  if (name) return NAMED[name.toLowerCase() as keyof typeof NAMED];
  const character = String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex!, 16));
  return /[\w@#/:-]/.test(character) ? character : reference;
}

/**
 * Keywords before a reference close what it names when the pull request is merged
 * (https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue).
 */
const CLOSING =
  /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)([\s:*_~`"'()[\]<>-]{1,20})((?:[\w.-]{1,100}\/[\w.-]{1,100})?#|GH-|https?:\/\/\S{1,200}?\/(?:issues|pull)\/)(\d+)/gi;

function withoutClosing(text: string, issue: number): string {
  return text.replaceAll(CLOSING, (all, word: string, between: string, reference: string, number: string) =>
    reference === "#" && Number(number) === issue ? all : `${word}${between}${reference}${BREAK}${number}`,
  );
}

function withoutCommands(text: string): string {
  return (
    text
      // Names of people and teams are mentions; bots are commanded by theirs. An address of mail is neither.
      .replaceAll(/(?<![a-z\d])@(?=[a-z\d])/gi, `@${BREAK}`)
      // A path (`/usr/bin`) is no command.
      .replaceAll(/^([ \t>*+-]*(?:\d{1,9}[.)][ \t]*)?)\/(?=[a-z][\w-]*(?![\w-]*[/.]\w))/gim, `$1/${BREAK}`)
      // A squash merge makes these words a commit's message
      // (https://docs.github.com/en/actions/managing-workflow-runs/skipping-workflow-runs).
      .replaceAll(/\[(?=(?:skip ci|ci skip|no ci|skip actions|actions skip)\])/gi, `[${BREAK}`)
      .replaceAll(/^([ \t]*skip-)(?=checks\s*:)/gim, `$1${BREAK}`)
  );
}

/** `text` with an end for the fence and the folds that it leaves open: what follows on the page is ours. */
function closed(text: string): string {
  let open: Fence | null = null;
  for (const line of text.split("\n")) {
    const where = open ? within(line, open) : "after";
    if (where === "after") open = fenceOf(line);
    if (where === "end") open = null;
  }
  const folds = count(text, /<details\b/gi) - count(text, /<\/details\s*>/gi);
  return (
    text +
    (open ? `\n${" ".repeat(open.indent)}${open.mark}` : "") +
    "\n\n</details>".repeat(Math.max(0, folds))
  );
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
