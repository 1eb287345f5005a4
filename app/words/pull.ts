import { cut } from "./cut.ts";
import { cleanOut, NO_ISSUE } from "./text.ts";

/** What an agent said of its work. */
export interface Work {
  title: string;
  what: string;
  why: string;
  tested: string;
}

/** The title of a pull request: one line. */
export const pullTitle = (work: Work, issue: number): string => titleOf(work.title, issue);

/** `title` as one line, cleaned; in its absence the issue's number. */
export const titleOf = (title: string, issue: number): string =>
  cut(cleanOut(title, { issue }).replace(/\s+/g, " ").trim(), 120) || `Work on #${issue}`;

/**
 * The body of a pull request: what, why, how it was tested, and the issue: the one it closes when it is merged, or the one
 * that a task's pull request is part of.
 */
export function pullBody(work: Work, issue: number, link: "Closes" | "Part of" = "Closes"): string {
  const parts = [
    ["What", work.what],
    ["Why", work.why],
    ["How it was tested", work.tested],
  ] as const;
  const mayClose = link === "Closes" ? issue : NO_ISSUE;
  const said = parts
    .filter(([, text]) => text.trim() !== "")
    .map(([name, text]) => `## ${name}\n\n${cleanOut(text, { issue: mayClose })}`);
  return [...said, `${link} #${issue}`, FOOTER].join("\n\n");
}

export const FOOTER =
  "<sub>Written by an agent. Review it as any other: comments and failed checks start a follow-up.</sub>";
