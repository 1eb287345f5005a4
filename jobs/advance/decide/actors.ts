import { parseCommands } from "../../../app/commands/parse.ts";
import { planHash } from "../../../app/plan/plan.ts";
import { speakers } from "./feedback.ts";
import type { Comment, Person } from "./snapshot.ts";
import type { State } from "./state.ts";
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

/**
 * Logins of everybody who may approve or change a plan by what they did, and that nobody has judged yet: their permission
 * is fetched anew, never from a cache (design §6).
 */
export function approversThatCount(s: Bare): string[] {
  if (s.status.kind !== "found") return [];
  const { state } = s.status;
  const asking = commandComments(s).filter(
    (c) => !state.commands.includes(c.id) && parseCommands(c.body).some((each) => JUDGES.has(each.kind)),
  );
  const people = [...asking.map((each) => each.by), ...onThePlan(s, state)];
  return [...new Set(people.filter((person) => !person.bot && person.login !== "ghost").map((p) => p.login))];
}

const JUDGES: ReadonlySet<string> = new Set(["approve", "skip", "replan", "plan"]);

/** Who changed the plan comment, or gave it a thumb, after the proposal was written; none of what was approved already. */
function onThePlan({ planComment }: Bare, { proposal, approved }: State): Person[] {
  if (!planComment || !proposal) return [];
  const since = new Date(proposal.at);
  const { edits, thumbs } = planComment;
  const done = planHash(proposal.plan) === approved?.hash;
  if (done) return edits.filter((edit) => edit.at > since).map((edit) => edit.by);
  // GitHub's times are in whole seconds.
  since.setUTCMilliseconds(0);
  return [...edits, ...thumbs].filter((each) => each.at >= since).map((each) => each.by);
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
