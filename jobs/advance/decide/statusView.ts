import { blockedList } from "../../../app/words/blockedList.ts";
import { HELD_NOTE, heldBack } from "../../../app/words/network.ts";
import { questionsWords } from "../../../app/words/planSays.ts";
import { taskOf } from "../../../app/words/planTasks.ts";
import { statusWords } from "../../../app/words/status.ts";
import type { StatusView } from "../../../app/words/status.ts";
import { cleanOut } from "../../../app/words/text.ts";
import { blockedOf } from "./blockedOf.ts";
import { mainLane, pullOf } from "./lanes.ts";
import type { Lane } from "./lanes.ts";
import type { LaneAt, Next, Standing } from "./standings.ts";
import { phaseOf } from "./phase.ts";
import type { Snapshot } from "./snapshot.ts";
import { spentTokens } from "./state.ts";
import type { RunRecord, State } from "./state.ts";
import { taskViews } from "./taskViews.ts";
import { permitted, wanted } from "./wanted.ts";

/** The visible part of the status comment. */
export function statusView(s: Snapshot, state: State, then: Next): string {
  const { settings } = s.repository;
  const limit = settings.kind === "valid" ? settings.settings.limits.tokens : null;
  const main = mainLane(s, state);
  const pull = main && pullOf(s, main);
  const tasks = tasksOf(s, state, then);
  return statusWords({
    phase: phaseOf(then),
    line: lineOf(s, state, then),
    pull: pull && pull.state !== "closed" ? pull.number : null,
    runs: state.runs.map((run) => ({
      what: state.approved && run.purpose !== "plan" ? `${run.purpose} ${run.task}` : run.purpose,
      attempt: run.attempt,
      result: resultOf(run, s.issue.number),
      tokens: run.tokens,
    })),
    tokens: { spent: spentTokens(state), limit },
    notes: notesOf(s, state),
    ...(tasks.length > 0 ? { tasks } : {}),
  });
}

/** The tasks of the approved plan, each with what it waits for or what is the matter. */
function tasksOf(s: Snapshot, state: State, then: Next): NonNullable<StatusView["tasks"]> {
  const views = taskViews(s, state, then);
  return (state.approved?.plan.tasks ?? []).map(({ id, title }) => {
    const at = then.kind === "lanes" ? then.lanes.find(({ lane }) => lane.task === id)?.at : undefined;
    return { id, title, ...taskOf(views, id), note: at ? noteOf(at) : null };
  });
}

/** What a task waits for, in a few words; null where its state says all. */
function noteOf(at: Standing): string | null {
  switch (at.kind) {
    case "waits":
      return `waits for ${at.for.join(", ")}`;
    case "queued":
      return "waits for a free place";
    case "wait":
      return at.why;
    case "held":
      return HELD_NOTE;
    case "review":
      return "a thread or a review of it is open: a person has a say first";
    // What is the matter stands above the list.
    case "blocked":
    case "running":
    case "run":
    case "open":
    case "merge":
    case "merged":
    case "skipped":
    case "asks":
    case "awaits":
      return null;
  }
}

function notesOf(s: Snapshot, state: State): string[] {
  const { assessment } = state;
  const notes: string[] = [];
  if (assessment?.kind === "simple") notes.push(`Task: ${oneLine(assessment.task.title, s)}`);
  if (isEditedByStranger(s, state))
    notes.push("The issue was edited by someone without write permission; I go by the text from before.");
  return [...notes, ...waitingRuns(s, state)];
}

/** Runs that the cluster can't begin as things stand, and why. */
function waitingRuns(s: Snapshot, state: State): string[] {
  const open = state.runs.filter((run) => run.end === null);
  return open.flatMap((run) => {
    const at = s.runs.find(({ name }) => name === run.name)?.state;
    if (at?.kind !== "running" || !at.waits) return [];
    return `${state.approved ? `${run.purpose} ${run.task}` : run.purpose} hasn't begun: ${oneLine(at.waits, s)}`;
  });
}

function isEditedByStranger(s: Snapshot, state: State): boolean {
  const start = wanted(s, state).start;
  const later = s.issue.edits.filter((edit) => start && edit.at > start.at && edit.text !== null);
  return later.some(({ by }) => s.permissions[by.login] !== undefined && !permitted(s, by));
}

const oneLine = (text: string, s: Snapshot): string =>
  cleanOut(text, { issue: s.issue.number }).replace(/\s+/g, " ").trim().slice(0, 200);

function lineOf(s: Snapshot, state: State, then: Next): string {
  switch (then.kind) {
    case "done":
      return `#${then.pull.number} is merged.`;
    case "stopped":
      return "Nobody wants this worked on (any more): the label is off, the issue or its pull request was closed, or somebody said stop. What was pushed stays.";
    case "lanes":
      return linesOf(s, state, then.lanes);
  }
}

/** Where the planner and the main branch stand; of a plan's tasks what needs a person. The list has the rest. */
function linesOf(s: Snapshot, state: State, lanes: LaneAt[]): string {
  const main = lanes.filter(({ lane }) => lane.kind !== "task");
  const blocked = blockedOf(lanes);
  const lines = main.map(({ lane, at }) => standingWords(s, state, lane, at)).filter((line) => line !== null);
  if (blocked.length > 0) lines.push(blockedList(blocked, s.issue.number));
  return (
    lines.join("\n\n") || "The tasks of the plan are worked on, as far as they don't wait for one another."
  );
}

function standingWords(s: Snapshot, state: State, { kind }: Lane, at: Standing): string | null {
  switch (at.kind) {
    case "running":
      return workWords(at.run.purpose);
    case "run":
      return workWords(at.purpose);
    case "queued":
      return "An agent is to follow up, as soon as there is a free place.";
    case "held":
      return heldBack(oneLine(at.by.reached, s));
    case "open":
      return "The work is pushed; the pull request follows.";
    case "wait":
      return at.pull
        ? `#${at.pull.number} is open. I wait for its checks, or until comments on it are still.`
        : `The next attempt follows soon. The last one ended so: ${oneLine(at.why, s)}`;
    case "review":
      return at.checks.kind === "none"
        ? `#${at.pull.number} is ready to be reviewed. No check ran on it.`
        : `#${at.pull.number} is ready to be reviewed; its checks have passed.`;
    case "asks":
      return questionsWords(at.questions, s.issue.number);
    case "awaits":
      return state.approved
        ? "The plan was changed, and its comment waits for approval: a 👍, a tick in its box, or `/agent approve`."
        : "The plan waits for approval in its comment: by a 👍, a tick in its box, or `/agent approve`.";
    case "waits":
      return kind === "only" ? "The work begins once the planner has ended." : null;
    case "merged":
    case "skipped":
    case "merge":
    case "blocked":
      return null;
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
