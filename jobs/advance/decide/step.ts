import { endRuns } from "./endRuns.ts";
import { mainLane, pullOf } from "./lanes.ts";
import type { Lane } from "./lanes.ts";
import { next } from "./next.ts";
import { planMarker, takeProposal } from "./proposal.ts";
import { budgetOf } from "./ration.ts";
import { runName } from "./runName.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Due, LaneAt, Next } from "./standings.ts";
import { firstState } from "./state.ts";
import type { RunRecord, State } from "./state.ts";
import { takeCommands } from "./takeCommands.ts";
import { permitted, wanted, words } from "./wanted.ts";

/**
 * The state after this look, before anything is done: what was judged, what ended, what is to be started. And the
 * snapshot as that state sees it.
 */
export function step(seen: Snapshot, before: State, now: Date): { s: Snapshot; state: State; next: Next } {
  let state = nextGeneration(seen, judge(seen, before));
  // The branches and pull requests that were read are those of the generation before.
  const mine =
    state.generation === before.generation ? seen : { ...seen, branches: {}, pulls: [], planComment: null };
  state = takeCommands(seen, state);
  state = endRuns(mine, state, now);
  const s = withoutOldPlan(mine, state);
  state = takeProposal(s, state, before.commands);
  // What an approved change of the plan has dropped ends now: nothing would ring for it.
  if (state.approved !== before.approved) state = endRuns(s, state, now);
  const then = next(s, state, now);
  return then.kind === "lanes" ? { s, ...intents(s, state, then.lanes, now) } : { s, state, next: then };
}

/** What a run waits for while the runs at work may use all tokens that are left. */
const PROMISED = "what the runs at work leave of the tokens";

/** The comment that was read shows the proposal from before: who approved that one has not seen a newer one. */
const withoutOldPlan = (s: Snapshot, state: State): Snapshot =>
  s.planComment && s.planComment.comment.marker !== planMarker(state) ? { ...s, planComment: null } : s;

/** The state with the intents of all runs that are due, which are at work from now on. */
function intents(s: Snapshot, before: State, lanes: LaneAt[], now: Date): { state: State; next: Next } {
  let state = before;
  const started = lanes.map(({ lane, at }): LaneAt => {
    if (at.kind !== "run") return { lane, at };
    const run = intent(s, state, lane, at, now);
    // Nothing is worked on without tokens: those that others leave over are enough, perhaps.
    if (run.budget === 0) return { lane, at: { kind: "waits", for: [PROMISED] } };
    state = { ...state, runs: [...state.runs, run] };
    return { lane, at: { kind: "running", run } };
  });
  return { state, next: { kind: "lanes", lanes: started } };
}

/** Words are judged once, by the permission that stood when they were first seen. */
function judge(s: Snapshot, state: State): State {
  const judged = { ...state.judged };
  for (const word of words(s)) if (word.judged) judged[word.id] ??= permitted(s, word.by);
  return { ...state, judged };
}

/** A start after the pull request was merged or closed begins anew, on branches of its own; spend is kept. */
function nextGeneration(s: Snapshot, state: State): State {
  const { start } = wanted(s, state);
  const main = mainLane(s, state);
  const pull = main && pullOf(s, main);
  if (!pull || pull.state === "open" || !start || !wanted(s, state).wanted) return state;
  if ((pull.ended?.at ?? pull.createdAt) >= start.at) return state;
  const fresh = firstState(state.generation + 1);
  return {
    ...fresh,
    revision: state.revision,
    judged: state.judged,
    commands: state.commands,
    spend: state.spend,
  };
}

/** The intent of a run: written down before it is started, so that every later look names it the same. */
function intent(s: Snapshot, state: State, lane: Lane, due: Due, now: Date): RunRecord {
  const { purpose, takes } = due;
  const { task } = lane;
  const before = state.runs.filter((run) => run.purpose === purpose && run.task === task);
  const attempt = 1 + Math.max(0, ...before.map((run) => run.attempt));
  const name = runName({
    app: s.app.id,
    repositoryId: s.repository.id,
    issue: s.issue.number,
    generation: state.generation,
    task,
    purpose,
    attempt,
  });
  const { settings } = s.repository;
  const budget = settings.kind === "valid" ? { budget: budgetOf(state, settings.settings, purpose) } : {};
  const at = now.toISOString();
  return {
    name,
    purpose,
    task,
    attempt,
    at,
    takes,
    ...checkNames(s, takes),
    ...budget,
    ...(lane.kind !== "plan" && { head: s.branches[lane.branch] ?? null }),
    tokens: 0,
    end: null,
  };
}

function checkNames(s: Snapshot, takes: string[]): Pick<RunRecord, "checks"> {
  const checks = s.pulls.flatMap((pull) => pull.checks).filter((check) => takes.includes(check.id));
  return checks.length === 0 ? {} : { checks: Object.fromEntries(checks.map(({ id, name }) => [id, name])) };
}
