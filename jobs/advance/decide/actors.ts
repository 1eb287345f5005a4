import { parseCommands } from "../../../app/commands/parse.ts";
import { speakers } from "./feedback.ts";
import { changeOf, isPending } from "./proposal.ts";
import { saidSince } from "./replies.ts";
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

/** Who changed the plan, and while it waits who ticked its box or gave it a thumb since. */
function onThePlan(s: Bare, state: State): Person[] {
  const { planComment } = s;
  if (!planComment || !state.proposal) return [];
  const change = changeOf(s, state);
  const changed = change ? [change.by] : [];
  if (!isPending(state)) return changed;
  // GitHub's times are in whole seconds.
  const since = new Date(state.proposal.at).setUTCMilliseconds(0);
  const acts = [...planComment.edits, ...planComment.thumbs].filter(({ at }) => at.getTime() >= since);
  return [...changed, ...acts.map(({ by }) => by)];
}

const open = (s: Bare) => s.pulls.filter((pull) => pull.state === "open");

/** Who changed the issue's words after it was started. */
function editors(s: Bare): Person[] {
  const start = words(s).findLast((word) => word.says === "on" || word.says === "open");
  if (!start) return [];
  const renames = s.issue.events.filter((event) => event.kind === "renamed");
  return [...s.issue.edits, ...renames].filter((edit) => edit.at > start.at).map((edit) => edit.by);
}

/** What may answer the question that a lane's last run ended with. */
function replies(s: Bare): Comment[] {
  if (s.status.kind !== "found") return [];
  const { state } = s.status;
  const last = new Map(state.runs.map((run) => [run.task, run]));
  const asking = [...last.values()].filter(
    ({ purpose, end }) => end?.kind === "asks" || (purpose === "plan" && state.assessment?.kind === "asks"),
  );
  return asking.flatMap((run) => saidSince(s, state, run));
}
