import { blockedWords } from "../../../app/words/blocked.ts";
import { statusWords } from "../../../app/words/status.ts";
import { cleanOut } from "../../../app/words/text.ts";
import type { Next } from "./next.ts";
import { phaseOf } from "./phase.ts";
import type { Snapshot } from "./snapshot.ts";
import { spentTokens } from "./state.ts";
import type { RunRecord, State } from "./state.ts";
import { wanted } from "./wanted.ts";

/** The visible part of the status comment. */
export function statusView(s: Snapshot, state: State, then: Next): string {
  const { settings } = s.repository;
  const limit = settings.kind === "valid" ? settings.settings.limits.tokens : null;
  return statusWords({
    phase: phaseOf(then),
    line: lineOf(s, then),
    pull: s.pulls.find((pull) => pull.state !== "closed")?.number ?? null,
    runs: state.runs.map((run) => ({
      what: run.purpose,
      attempt: run.attempt,
      result: resultOf(run, s.issue.number),
      tokens: run.tokens,
    })),
    tokens: { spent: spentTokens(state), limit },
    notes: notesOf(s, state),
  });
}

function notesOf(s: Snapshot, state: State): string[] {
  const { assessment } = state;
  const notes: string[] = [];
  if (assessment?.kind === "simple") notes.push(`Task: ${oneLine(assessment.task.title, s)}`);
  if (assessment?.kind === "complex") {
    notes.push(
      `This looks complex (${oneLine(assessment.reason, s)}), and plans of several tasks aren't made yet: it is worked on as one.`,
    );
  }
  const start = wanted(s, state).start;
  const later =
    start &&
    s.issue.edits.some(
      (edit) =>
        edit.at > start.at &&
        edit.text !== null &&
        s.permissions[edit.by.login] !== undefined &&
        !["write", "maintain", "admin"].includes(s.permissions[edit.by.login] ?? ""),
    );
  if (later)
    notes.push("The issue was edited by someone without write permission; I go by the text from before.");
  return notes;
}

const oneLine = (text: string, s: Snapshot): string =>
  cleanOut(text, { issue: s.issue.number }).replace(/\s+/g, " ").trim().slice(0, 200);

function lineOf(s: Snapshot, then: Next): string {
  switch (then.kind) {
    case "done":
      return `#${then.pull.number} is merged.`;
    case "stopped":
      return "Nobody wants this worked on (any more): the label is off, the issue or its pull request was closed, or somebody said stop. What was pushed stays.";
    case "blocked":
      return blockedWords(then.why, s.issue.number);
    case "running":
    case "run":
      return workWords(then.kind === "run" ? then.purpose : then.run.purpose);
    case "open":
      return "The work is pushed; the pull request follows.";
    case "wait":
      return then.pull
        ? `#${then.pull.number} is open. I wait for its checks, or until comments on it are still.`
        : `The next attempt follows soon. The last one ended so: ${oneLine(then.why, s)}`;
    case "review":
      return then.checks.kind === "none"
        ? `#${then.pull.number} is ready to be reviewed. No check ran on it.`
        : `#${then.pull.number} is ready to be reviewed; its checks have passed.`;
  }
}

function workWords(purpose: RunRecord["purpose"]): string {
  switch (purpose) {
    case "plan":
      return "Reading the issue and the repository, to judge how to go about it.";
    case "implement":
      return "An agent is at work on a branch of its own.";
    case "fix":
      return "An agent is answering what was said of the pull request.";
    case "resolve":
      return "An agent is resolving a conflict with the base branch.";
    case "review":
    case "reflect":
      return "An agent is reading the work.";
  }
}

function resultOf(run: RunRecord, issue: number): string {
  switch (run.end?.kind) {
    case undefined:
      return "at work";
    case "done":
      return "done";
    case "nothing":
      return "no change";
    case "asks":
      return "asked a question";
    case "stopped":
      return "stopped";
    case "failed":
      return cleanOut(run.end.say, { issue });
  }
}
