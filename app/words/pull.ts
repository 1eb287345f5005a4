import { cut } from "./cut.ts";
import { cleanOut } from "./text.ts";

/** What an agent said of its work. */
export interface Work {
  title: string;
  what: string;
  why: string;
  tested: string;
}

/** The title of a pull request: one line. */
export function pullTitle(work: Work, issue: number): string {
  return cut(cleanOut(work.title, { issue }).replace(/\s+/g, " ").trim(), 120) || `Work on #${issue}`;
}

/** The body of a pull request: what, why, how it was tested, and the issue that it closes. */
export function pullBody(work: Work, issue: number): string {
  const parts = [
    ["What", work.what],
    ["Why", work.why],
    ["How it was tested", work.tested],
  ] as const;
  const said = parts
    .filter(([, text]) => text.trim() !== "")
    .map(([name, text]) => `## ${name}\n\n${cleanOut(text, { issue })}`);
  return `${said.join("\n\n")}\n\nCloses #${issue}\n\n<sub>Written by an agent. Review it as any other: comments and failed checks start a follow-up.</sub>`;
}
