import { parseCommands } from "../../../app/commands/parse.ts";
import type { Command } from "../../../app/commands/parse.ts";
import {
  noPlanWords,
  nothingWaitsWords,
  unknownTaskWords,
  voidApprovalWords,
} from "../../../app/words/planSays.ts";
import { closedWords, helpWords, idleWords } from "../../../app/words/says.ts";
import { FRESH_MS } from "./fresh.ts";
import type { Effect } from "./effects.ts";
import { isTask } from "./lanes.ts";
import { isPending, voidBecause } from "./proposal.ts";
import type { Comment, Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";
import { permitted } from "./wanted.ts";

/** Whether we have said that already, there. */
export const repliedTo = (comments: Comment[], marker: string): boolean =>
  comments.some((comment) => comment.ours && comment.marker === marker);

/** Reactions and answers to commands: 👀 and then 🚀, or 😕 and a sentence. What was answered is seen on GitHub. */
export function commandEffects(
  s: Snapshot,
  state: State | null,
  now: Date,
  after: State | null = state,
): Effect[] {
  const places = [{ number: s.issue.number, comments: s.issue.comments }, ...s.pulls];
  return places.flatMap(({ number, comments }) =>
    comments
      .filter((comment) => counts(s, comment) && isNew(state, comment, now))
      .flatMap((comment) => answerTo(s, after, comment, number, comments)),
  );
}

const counts = (s: Snapshot, comment: Comment): boolean =>
  !comment.by.bot &&
  (comment.editedBy === null || comment.editedBy.login === comment.by.login) &&
  permitted(s, comment.by);

/** One that the state hasn't taken, or one that was taken a moment ago, whose answer may be missing still. */
const isNew = (state: State | null, comment: Comment, now: Date): boolean =>
  (state !== null && !state.commands.includes(comment.id)) || now.getTime() - comment.at.getTime() < FRESH_MS;

function answerTo(
  s: Snapshot,
  state: State | null,
  comment: Comment,
  on: number,
  there: Comment[],
): Effect[] {
  const commands = parseCommands(comment.body);
  if (commands.length === 0) return [];
  const confused = commands.some((command) => command.kind === "unknown");
  const marker = `command:${comment.id}`;
  const words = commands
    .map((command) => wordsOn(s, state, command, comment))
    .filter((each) => each !== null);
  const effects: Effect[] = [];
  if (!comment.reacted.includes("EYES")) effects.push({ kind: "react", comment: comment.id, with: "eyes" });
  if (words.length > 0 && !repliedTo(there, marker))
    effects.push({ kind: "say", on, marker, body: words.join("\n\n") });
  const done = confused ? ("confused" as const) : ("rocket" as const);
  if (!comment.reacted.includes(done.toUpperCase()))
    effects.push({ kind: "react", comment: comment.id, with: done });
  return effects;
}

/** What a command is answered with, or null where what it does is answer enough. */
function wordsOn(s: Snapshot, state: State | null, command: Command, comment: Comment): string | null {
  switch (command.kind) {
    case "unknown":
      return command.say;
    case "help":
      return helpWords();
    case "status":
      return s.status.kind === "found" ? s.status.visible : idleWords(triggerLabel(s));
    case "start":
      return s.issue.open ? null : closedWords;
    case "stop":
    case "plan":
      return state ? null : idleWords(triggerLabel(s));
    case "retry":
      return state ? taskWords(state, command.task, command.kind) : idleWords(triggerLabel(s));
    case "skip":
      return state ? taskWords(state, command.task, command.kind) : idleWords(triggerLabel(s));
    case "replan":
      return !state ? idleWords(triggerLabel(s)) : state.proposal ? null : noPlanWords(command.kind);
    case "approve":
      return state ? approveWords(s, state, comment) : idleWords(triggerLabel(s));
  }
}

/** What is said to a command that names a task which isn't there; null where it is. */
function taskWords(state: State, task: string | null, command: "retry" | "skip"): string | null {
  if (task === null || isTask(state, task)) return null;
  const plan = state.approved?.plan ?? state.proposal?.plan;
  return plan
    ? unknownTaskWords(
        task,
        plan.tasks.map(({ id }) => id),
      )
    : noPlanWords(command);
}

/** Said where the approval changes nothing; one that counts is answered by what it starts. */
function approveWords(s: Snapshot, state: State, comment: Comment): string | null {
  if (!state.proposal) return noPlanWords("approve");
  if (!isPending(state)) {
    const { approved } = state;
    return approved?.at === comment.at.toISOString() ? null : nothingWaitsWords(approved?.by ?? null);
  }
  const approval = { id: comment.id, by: comment.by, at: comment.at, kind: "command" } as const;
  const why = voidBecause(s, state, approval);
  return why ? voidApprovalWords(comment.by.login, why) : nothingWaitsWords(null);
}

const triggerLabel = (s: Snapshot): string =>
  s.repository.settings.kind === "valid" ? s.repository.settings.settings.label : "agent";
