import type { PhaseName } from "../phase.ts";
import { inline } from "./inline.ts";
import { nameOf } from "./planTasks.ts";
import type { TaskView } from "./planTasks.ts";
import { NO_ISSUE } from "./text.ts";

/** What the status comment shows. */
export interface StatusView {
  phase: PhaseName;
  /** What goes on, in a sentence or a few; Markdown. */
  line: string;
  pull: number | null;
  runs: { what: string; attempt: number; result: string; tokens: number }[];
  tokens: { spent: number; limit: number | null };
  /** Further facts, a sentence each. */
  notes: string[];
  /** Of a plan. `note`: what it waits for, or what is the matter. */
  tasks?: (TaskView & { id: string; title: string; note: string | null })[];
}

const ROWS = 12;
const MOST_TASKS = 50;

/** The visible part of the status comment. It holds no time of day, so that looking again changes nothing. */
export function statusWords(view: StatusView): string {
  const facts = [
    ...(view.pull === null ? [] : [`Pull request: #${view.pull}`]),
    ...view.notes,
    `Tokens: ${view.tokens.spent.toLocaleString("en-US")}${view.tokens.limit === null ? "" : ` of ${view.tokens.limit.toLocaleString("en-US")}`}`,
  ];
  const head = `**${view.phase[0]?.toUpperCase()}${view.phase.slice(1)}**\n\n${view.line}\n\n${facts.map((fact) => `- ${fact}`).join("\n")}`;
  return `${head}${taskList(view)}${runTable(view)}\n\n<sub>\`/agent stop\` ends the work, \`/agent retry\` tries again what is blocked, \`/agent help\` lists the rest.</sub>`;
}

function taskList({ tasks }: StatusView): string {
  if (!tasks || tasks.length === 0) return "";
  const shown = tasks.slice(0, MOST_TASKS).map(({ id, title, state, pull, note }) => {
    const number = pull === null ? "" : ` (#${pull})`;
    const words = note === null ? null : inline(note, 200, NO_ISSUE);
    const small = words === null ? state : state === "waiting" ? words : `${state}: ${words}`;
    return `- **${nameOf(id, NO_ISSUE)}**${number} ${inline(title, 60, NO_ISSUE)}<br><sub>${small}</sub>`;
  });
  const left = tasks.length - shown.length;
  return `\n\n**Tasks**\n\n${[...shown, ...(left > 0 ? [`- and ${left} more`] : [])].join("\n")}`;
}

function runTable(view: StatusView): string {
  if (view.runs.length === 0) return "";
  const shown = view.runs.slice(-ROWS);
  const left = view.runs.length - shown.length;
  const rows = shown.map(
    (run) => `| ${run.what} | ${run.attempt} | ${cell(run.result)} | ${run.tokens.toLocaleString("en-US")} |`,
  );
  const earlier = left > 0 ? `\n\n${left} earlier ${left === 1 ? "run is" : "runs are"} not shown.` : "";
  return `\n\n<details><summary>Runs</summary>\n\n| run | attempt | result | tokens |\n| --- | ---: | --- | ---: |\n${rows.join("\n")}${earlier}\n\n</details>`;
}

/** A sentence in a table's cell, which a pipe ends even within code. */
const cell = (text: string): string => inline(text, 160, NO_ISSUE).replaceAll(/(?<!\\)\|/g, "\\|");
