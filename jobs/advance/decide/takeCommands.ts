import { parseCommands } from "../../../app/commands/parse.ts";
import type { Command } from "../../../app/commands/parse.ts";
import { isTask, planTask, workLanes } from "./lanes.ts";
import type { Comment, Snapshot } from "./snapshot.ts";
import { spentTokens } from "./state.ts";
import type { State } from "./state.ts";
import { commandComments, permitted } from "./wanted.ts";

/** The state with the commands that it hasn't taken yet, oldest first, of permitted people. */
export function takeCommands(s: Snapshot, state: State): State {
  let taken = state;
  for (const comment of commandComments(s)) {
    const commands = parseCommands(comment.body);
    if (commands.length === 0 || taken.commands.includes(comment.id) || !permitted(s, comment.by)) continue;
    taken = { ...taken, commands: [...taken.commands, comment.id] };
    const here = taskHere(s, taken, comment);
    for (const command of commands) taken = takeCommand(taken, command, comment, here);
  }
  return taken;
}

/** The task whose pull request the comment stands on: `/agent retry` there is about it. */
function taskHere(s: Snapshot, state: State, { id }: Comment): string | null {
  const pull = s.pulls.find((each) => each.comments.some((comment) => comment.id === id));
  const lane = workLanes(s, state).find((each) => each.branch === pull?.branch);
  return lane?.kind === "task" ? lane.task : null;
}

function takeCommand(state: State, command: Command, comment: Comment, here: string | null): State {
  const at = comment.at.toISOString();
  switch (command.kind) {
    case "start":
      return { ...state, since: { at, tokens: spentTokens(state) } };
    case "retry": {
      const task = command.task ?? here;
      if (task === null) return { ...state, since: { at, tokens: spentTokens(state) } };
      if (!isTask(state, task)) return state;
      return {
        ...state,
        retried: { ...state.retried, [task]: at },
        skipped: state.skipped.filter((each) => each !== task),
      };
    }
    case "skip":
      return !planTask(state, command.task) || state.skipped.includes(command.task)
        ? state
        : { ...state, skipped: [...state.skipped, command.task] };
    case "plan":
      return { ...state, ask: { at, force: true, change: null } };
    case "replan":
      return state.proposal
        ? { ...state, ask: { at, force: true, change: { by: comment.by.login, text: command.change } } }
        : state;
    // The plan's approval is taken with what else approves it.
    case "approve":
    case "help":
    case "status":
    case "stop":
    case "unknown":
      return state;
  }
}
