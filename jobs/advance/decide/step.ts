import { cut } from "../../../app/words/cut.ts";
import { parseCommands } from "../../../app/commands/parse.ts";
import type { Command } from "../../../app/commands/parse.ts";
import { planHash } from "../../../app/plan/plan.ts";
import { cleanPlan } from "../../../app/words/planClean.ts";
import type { Outcome } from "../../../agent-pod/contract/outcome.ts";
import type { SeenRun } from "../../run/cluster/cluster.ts";
import { taskBranch } from "./branches.ts";
import { isTask, mainLane, planTask, pullOf, workLanes } from "./lanes.ts";
import type { Lane } from "./lanes.ts";
import { next } from "./next.ts";
import type { Due, LaneAt, Next } from "./standings.ts";
import { takeProposal } from "./proposal.ts";
import { budgetOf } from "./ration.ts";
import { runName } from "./runName.ts";
import type { Comment, PlanResult, Snapshot } from "./snapshot.ts";
import { firstState, spentTokens } from "./state.ts";
import type { Assessment, Ending, RunRecord, State } from "./state.ts";
import { commandComments, permitted, wanted, words } from "./wanted.ts";

/**
 * The state after this look, before anything is done: what was judged, what ended, what is to be started. And the
 * snapshot as that state sees it.
 */
export function step(seen: Snapshot, before: State, now: Date): { s: Snapshot; state: State; next: Next } {
  let state = nextGeneration(seen, judge(seen, before));
  // The branches and pull requests that were read are those of the generation before.
  const s =
    state.generation === before.generation ? seen : { ...seen, branches: {}, pulls: [], planComment: null };
  state = takeCommands(seen, state);
  state = endRuns(s, state, now);
  state = takeProposal(s, state, before.commands);
  const then = next(s, state, now);
  return then.kind === "lanes" ? { s, ...intents(s, state, then.lanes, now) } : { s, state, next: then };
}

/** The state with the intents of all runs that are due, which are at work from now on. */
function intents(s: Snapshot, before: State, lanes: LaneAt[], now: Date): { state: State; next: Next } {
  let state = before;
  const started = lanes.map(({ lane, at }): LaneAt => {
    if (at.kind !== "run") return { lane, at };
    const run = intent(s, state, lane, at, now);
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

function takeCommands(s: Snapshot, state: State): State {
  let taken = state;
  for (const comment of commandComments(s)) {
    const commands = parseCommands(comment.body);
    if (commands.length === 0 || taken.commands.includes(comment.id) || !permitted(s, comment.by)) continue;
    taken = { ...taken, commands: [...taken.commands, comment.id] };
    for (const command of commands) taken = takeCommand(taken, command, comment);
  }
  return taken;
}

function takeCommand(state: State, command: Command, comment: Comment): State {
  const at = comment.at.toISOString();
  switch (command.kind) {
    case "start":
      return { ...state, since: { at, tokens: spentTokens(state) } };
    case "retry": {
      const { task } = command;
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

/** Runs whose end is seen, or that nobody wants any more. */
function endRuns(s: Snapshot, state: State, now: Date): State {
  return state.runs.reduce((sofar, run) => (run.end ? sofar : endRun(s, sofar, run, now)), state);
}

function endRun(s: Snapshot, state: State, run: RunRecord, now: Date): State {
  const result = s.results[run.name];
  const seen = s.runs.find((each) => each.name === run.name);
  const end =
    !wanted(s, state).wanted || isVain(s, state, run)
      ? ({ kind: "stopped", at: now.toISOString() } as const)
      : ((result && planEnd(result, now)) ?? (seen && agentEnd(s, state, run, seen, now)) ?? null);
  if (!end) return state;
  const tokens = result?.tokens ?? seen?.spent ?? 0;
  const ended = { ...run, end, tokens };
  const assessed = result?.kind === "assessed" && end.kind === "done" ? result.assessment : null;
  return {
    ...(assessed ? judged(state, run, assessed, now) : state),
    runs: state.runs.map((each) => (each.name === run.name ? ended : each)),
    spend: {
      tasks: add(state.spend.tasks, run.task, tokens),
      days: add(state.spend.days, now.toISOString().slice(0, 10), tokens),
    },
  };
}

/** Whether nobody needs the run any more: its pull request or the issue's is merged or closed, or its task is gone. */
function isVain(s: Snapshot, state: State, run: RunRecord): boolean {
  const lanes = workLanes(s, state).filter((lane) => lane.kind !== "task" || lane.task === run.task);
  const isOver = lanes.some((lane) => {
    const pull = pullOf(s, lane);
    // One that was closed before the run began is what `/agent retry` went past.
    return (
      pull?.state === "merged" || (pull?.state === "closed" && (pull.ended?.at.toISOString() ?? "") > run.at)
    );
  });
  if (isOver || state.skipped.includes(run.task)) return true;
  return run.purpose !== "plan" && !lanes.some((lane) => lane.task === run.task);
}

/** What the planner says becomes the state's; a plan is proposed to people, in a comment of its own. */
function judged(state: State, run: RunRecord, assessment: Assessment, now: Date): State {
  // What was asked after the run began, or is asked back now, is still to be done.
  const ask = state.ask && (state.ask.at > run.at || assessment.kind === "asks") ? state.ask : null;
  if (assessment.kind !== "complex") return { ...state, assessment, ask };
  const plan = cleanPlan(assessment.plan);
  const isSame = state.proposal !== null && planHash(plan) === state.approved?.hash;
  // The plan that was approved already needs no comment of its own.
  const number = (state.proposal?.number ?? 0) + (isSame ? 0 : 1);
  return {
    ...state,
    assessment: { kind: "complex" },
    ask,
    proposal: { number, plan, at: now.toISOString(), edited: false },
  };
}

const add = (to: Record<string, number>, key: string, tokens: number) => ({
  ...to,
  [key]: (to[key] ?? 0) + tokens,
});

function planEnd(result: PlanResult, now: Date): Ending {
  const at = now.toISOString();
  if (result.kind === "assessed") return { kind: "done", at };
  return { kind: "failed", at, say: cut(result.say, 400), retry: result.retry };
}

function agentEnd(s: Snapshot, state: State, run: RunRecord, seen: SeenRun, now: Date): Ending | null {
  const at = now.toISOString();
  if (seen.state.kind === "running") return null;
  if (seen.state.kind === "lost") return { kind: "failed", at, say: cut(seen.state.say, 400), retry: true };
  const { outcome } = seen.state;
  switch (outcome.kind) {
    case "pushed": {
      // The head comes from the ref (design §4): an outcome that claims a push which isn't there is a false one.
      const there = s.branches[taskBranch(s.issue.number, state.generation, run.task)];
      if (there) return { kind: "done", at };
      return {
        kind: "failed",
        at,
        say: "It said that it pushed its work, but its branch isn't there.",
        retry: true,
      };
    }
    case "nothing":
      return { kind: "nothing", at, say: cut(outcome.say, 1000) };
    case "asks":
      return { kind: "asks", at, say: cut(outcome.question, 2000) };
    case "failed":
      return { kind: "failed", at, say: cut(outcome.say, 400), retry: canMend(state, outcome.reason) };
  }
}

/** Whether another attempt may mend it by itself. The budget of a plan's task was its share: more may be left by now. */
function canMend(state: State, reason: (Outcome & { kind: "failed" })["reason"]): boolean {
  return reason === "budget" ? state.approved !== null : reason !== "setup";
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
  const budget =
    settings.kind === "valid" && purpose !== "plan"
      ? { budget: budgetOf(state, settings.settings, purpose) }
      : {};
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
    tokens: 0,
    end: null,
  };
}

function checkNames(s: Snapshot, takes: string[]): Pick<RunRecord, "checks"> {
  const checks = s.pulls.flatMap((pull) => pull.checks).filter((check) => takes.includes(check.id));
  return checks.length === 0 ? {} : { checks: Object.fromEntries(checks.map(({ id, name }) => [id, name])) };
}
