import { cut } from "../../../app/words/cut.ts";
import { planHash } from "../../../app/plan/plan.ts";
import { cleanPlan } from "../../../app/words/planClean.ts";
import type { Outcome } from "../../../agent-pod/contract/outcome.ts";
import { mayGoBetter } from "../../run/cluster/cluster.ts";
import type { SeenRun } from "../../run/cluster/cluster.ts";
import { taskBranch } from "./branches.ts";
import { PUSHED_MS } from "./fresh.ts";
import { pullOf, workLanes } from "./lanes.ts";
import type { PlanResult, Snapshot } from "./snapshot.ts";
import type { Assessment, Ending, RunRecord, State } from "./state.ts";
import { wanted } from "./wanted.ts";

/** Runs whose end is seen, or that nobody wants any more. */
export function endRuns(s: Snapshot, state: State, now: Date): State {
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
  const there = s.branches[taskBranch(s.issue.number, state.generation, run.task)];
  if (seen.state.kind === "lost") {
    const kept = keptWords(run, there);
    const say = `${cut(seen.state.say, 400 - kept.length)}${kept}`;
    return { kind: "failed", at, say, retry: mayGoBetter(seen.state.reason) };
  }
  const { outcome } = seen.state;
  switch (outcome.kind) {
    case "pushed": {
      // The head comes from the ref (design §4): an outcome that claims a push which isn't there is a false one.
      if (there) return { kind: "done", at };
      if (now.getTime() - seen.state.at.getTime() < PUSHED_MS) return null;
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
      return {
        kind: "failed",
        at,
        say: cut(outcome.say, 1200),
        retry: canMend(state, outcome.reason),
        ...(outcome.reason === "network" && { network: true }),
      };
  }
}

/**
 * What is said of a lost run's work, if it left any. Nobody says that it left none: reads lag writes, and a push that isn't
 * seen yet is found by the next attempt all the same.
 */
function keptWords({ head }: RunRecord, there: string | undefined): string {
  if (there === undefined || there === head) return "";
  const what = head === undefined ? "What is on its branch" : "What was pushed to its branch since it began";
  return ` ${what} is kept, and the next attempt goes on from it.`;
}

/** Whether another attempt may mend it by itself. The budget of a plan's task was its share: more may be left by now. */
function canMend(state: State, reason: (Outcome & { kind: "failed" })["reason"]): boolean {
  return reason === "budget" ? state.approved !== null : reason !== "setup" && reason !== "network";
}
