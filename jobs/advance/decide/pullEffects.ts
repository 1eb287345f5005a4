import { asReady } from "../../../app/words/draft.ts";
import { noChecksWords } from "../../../app/words/says.ts";
import { pullBody, pullTitle } from "../../../app/words/pull.ts";
import type { Work } from "../../../app/words/pull.ts";
import { rootBody, rootTitle } from "../../../app/words/rootPull.ts";
import { squashMessage } from "../../../app/words/squash.ts";
import { repliedTo } from "./commandEffects.ts";
import type { Effect } from "./effects.ts";
import { FRESH_MS } from "./fresh.ts";
import { mainLane, planTask, pullOf } from "./lanes.ts";
import type { Lane, WorkLane } from "./lanes.ts";
import type { Next, Standing } from "./standings.ts";
import type { Pull, Snapshot } from "./snapshot.ts";
import type { State } from "./state.ts";
import { settledViews, taskViews } from "./taskViews.ts";
import { wanted } from "./wanted.ts";

/** What is to be done about pull requests: opened, merged, shown to a person, or cleaned up after. */
export function pullEffects(s: Snapshot, state: State, then: Next, now: Date): Effect[] {
  if (then.kind === "stopped") return [];
  if (then.kind === "done") return cleanUp(s);
  return [
    ...then.lanes.flatMap(({ lane, at }) => laneEffects(s, state, then, lane, at, now)),
    ...rootWords(s, state, then),
  ];
}

function laneEffects(s: Snapshot, state: State, then: Next, lane: Lane, at: Standing, now: Date): Effect[] {
  if (lane.kind === "plan") return [];
  switch (at.kind) {
    case "open":
      return [open(s, state, then, lane)];
    case "merge":
      return [merge(s, state, lane, at.pull)];
    case "review":
      return review(s, state, lane, at, now);
    case "running":
    case "run":
    case "queued":
    case "held":
    case "wait":
    case "waits":
    case "blocked":
    case "merged":
    case "skipped":
    case "asks":
    case "awaits":
      return [];
  }
}

/** Merged branches go; those that weren't merged are somebody's work. */
function cleanUp(s: Snapshot): Effect[] {
  const merged = s.pulls.filter((pull) => pull.state === "merged" && s.branches[pull.branch]);
  return [...new Set(merged.map((pull) => pull.branch))].map((branch) => ({ kind: "deleteBranch", branch }));
}

function open(s: Snapshot, state: State, then: Next, lane: WorkLane): Effect {
  const { number, title } = s.issue;
  const { branch } = lane;
  const base = lane.base.branch;
  if (lane.kind === "root" && state.approved) {
    const body = rootBody({
      issue: number,
      plan: state.approved.plan,
      tasks: settledViews(taskViews(s, state, then)),
    });
    return { kind: "openPull", branch, base, title: rootTitle({ title, number }), body, draft: true };
  }
  const work = workOf(s, state, lane);
  const body = pullBody(work, number, lane.kind === "task" ? "Part of" : "Closes");
  return { kind: "openPull", branch, base, title: pullTitle(work, number), body, draft: false };
}

/** What the agent said of its work; the task's own words where that is lost. */
function workOf(s: Snapshot, state: State, lane: WorkLane): Work {
  const last = state.runs.findLast((run) => run.purpose === "implement" && run.task === lane.task);
  const seen = s.runs.find((run) => run.name === last?.name);
  if (seen?.state.kind === "ended" && seen.state.outcome.kind === "pushed") return seen.state.outcome;
  const simple = state.assessment?.kind === "simple" ? state.assessment.task : null;
  const task = planTask(state, lane.task) ?? simple;
  return { title: task?.title ?? s.issue.title, what: task?.body ?? "", why: "", tested: "" };
}

function merge(s: Snapshot, state: State, lane: WorkLane, pull: Pull): Effect {
  const what = planTask(state, lane.task)?.body ?? "";
  const asker = wanted(s, state).start?.by.login;
  const by = asker ? { name: asker, email: `${asker}@users.noreply.github.com` } : null;
  const words = squashMessage({ pull, work: { what, why: "" }, issue: s.issue.number, by });
  return { kind: "merge", pull: pull.number, head: pull.head, ...words };
}

function review(
  s: Snapshot,
  state: State,
  lane: WorkLane,
  { pull, checks }: Standing & { kind: "review" },
  now: Date,
): Effect[] {
  const effects: Effect[] = [];
  if (lane.kind === "root" && (pull.draft || pull.title !== asReady(pull.title)))
    effects.push({ kind: "ready", pull: pull.number, nodeId: pull.nodeId });
  const marker = reviewMarker(pull);
  const said = state.said.find((each) => each.marker === marker);
  const fresh = said && now.getTime() - Date.parse(said.at) < FRESH_MS;
  const who = wanted(s, state).start?.by.login;
  const asked = who && (pull.requested.includes(who) || pull.reviews.some((each) => each.by.login === who));
  const mentioned = repliedTo(pull.comments, marker);
  if (fresh && who && !asked && !mentioned)
    effects.push({ kind: "requestReview", pull: pull.number, of: who, marker });
  const nochecks = `nochecks:${pull.number}`;
  if (fresh && checks.kind === "none" && lane.kind !== "task" && !repliedTo(pull.comments, nochecks))
    effects.push({ kind: "say", on: pull.number, marker: nochecks, body: noChecksWords });
  return effects;
}

/** What the request for a review is said under: once for each pull request. */
export const reviewMarker = (pull: Pull): string => `review:${pull.number}`;

/** The pull request of the root branch shows every task's. */
function rootWords(s: Snapshot, state: State, then: Next): Effect[] {
  const root = mainLane(s, state);
  const pull = root && pullOf(s, root);
  if (root?.kind !== "root" || pull?.state !== "open" || !state.approved || then.kind !== "lanes") return [];
  const body = rootBody({
    issue: s.issue.number,
    plan: state.approved.plan,
    tasks: settledViews(taskViews(s, state, then)),
  });
  return pull.body.replaceAll("\r\n", "\n").trimEnd() === body
    ? []
    : [{ kind: "editPull", pull: pull.number, title: null, body }];
}
