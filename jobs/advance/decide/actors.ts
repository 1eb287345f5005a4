import { parseCommands } from "../../../app/commands/parse.ts";
import { speakers } from "./feedback.ts";
import type { Comment, Person } from "./snapshot.ts";
import { commandComments, words } from "./wanted.ts";
import type { Bare } from "./wanted.ts";

/** Logins of everybody whose act may count now, so that only their permission is fetched. */
export function actorsThatCount(s: Bare): string[] {
  const state = s.status.kind === "found" ? s.status.state : null;
  const said = words(s).filter((word) => word.judged && state?.judged[word.id] === undefined);
  const commands = commandComments(s).filter(
    (c) => !state?.commands.includes(c.id) && parseCommands(c.body).length > 0,
  );
  const people: Person[] = [...said, ...commands].map((each) => each.by);
  const started = words(s).some((word) => word.says === "on");
  if (started || state)
    people.push(
      ...editors(s),
      ...replies(s).map((c) => c.by),
      ...open(s).flatMap((pull) => speakers(s, pull)),
    );
  const logins = people
    .filter((person) => !person.bot && person.login !== "ghost")
    .map((person) => person.login);
  return [...new Set(logins)];
}

const open = (s: Bare) => s.pulls.filter((pull) => pull.state === "open");

/** Who changed the issue's words after it was started. */
function editors(s: Bare): Person[] {
  const start = words(s).findLast((word) => word.says === "on" || word.says === "open");
  if (!start) return [];
  const renames = s.issue.events.filter((event) => event.kind === "renamed");
  return [...s.issue.edits, ...renames].filter((edit) => edit.at > start.at).map((edit) => edit.by);
}

/** What may answer a question: comments after the last run that asked. */
function replies(s: Bare): Comment[] {
  if (s.status.kind !== "found") return [];
  const { state } = s.status;
  const last = state.runs.findLast((run) => run.end !== null)?.end;
  if (!last || (last.kind !== "asks" && state.assessment?.kind !== "asks")) return [];
  return commandComments(s).filter((comment) => comment.at > new Date(last.at));
}
