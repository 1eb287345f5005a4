import type { Brief } from "../contract/brief.ts";
import { oneLine } from "./text.ts";

const SUBJECT_CHARS = 72;
const LINE_CHARS = 72;

/** The message of a commit that holds a run's work. */
export function commitMessage(subject: string, body: string | null, brief: Brief): string {
  const words = [oneLine(subject, SUBJECT_CHARS), body ? wrap(body) : null].filter((part) => part !== null);
  return withTrailer(tame(words.join("\n\n"), brief.issue.number), brief);
}

/** `message` with the co-author's line, once. https://docs.github.com/en/pull-requests/committing-changes-to-your-project/creating-and-editing-commits/creating-a-commit-with-multiple-authors */
export function withTrailer(message: string, brief: Brief): string {
  const text = message.trim();
  if (!brief.coAuthor) return text;
  const trailer = `Co-authored-by: ${brief.coAuthor.name} <${brief.coAuthor.email}>`;
  if (text.includes(trailer)) return text;
  const endsInTrailers = /\n\n(?:[\w-]+: .+\n?)+$/.test(text);
  return `${text}${endsInTrailers ? "\n" : "\n\n"}${trailer}`;
}

/**
 * `message` without words that do more than tell: closing words for other issues, and those that skip the checks. The gate
 * refuses both. https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
 * https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs
 */
export function tame(message: string, issue: number): string {
  return message
    .replace(
      /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(:?\s+)((?:[\w.-]+\/[\w.-]+)?#|https?:\/\/\S+\/(?:issues|pull)\/|gh-)(\d+)\b/gi,
      (whole, verb: string, gap: string, mark: string, number: string) =>
        mark === "#" && Number(number) === issue ? whole : `${verb}${gap}issue ${number}`,
    )
    .replace(/\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/gi, "")
    .replace(/^skip-checks:\s*true\s*$/gim, "")
    .trim();
}

function wrap(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(new RegExp(`(.{1,${LINE_CHARS}})(?:\\s+|$)`, "g"), "$1\n").trimEnd())
    .join("\n");
}
