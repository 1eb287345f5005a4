import { cut } from "../../../app/words/cut.ts";
import { parseCommands } from "../../../app/commands/parse.ts";
import { taskBranch } from "./branches.ts";
import { next } from "./next.ts";
import type { Next } from "./next.ts";
import { runName } from "./runName.ts";
import type { PlanResult, Snapshot } from "./snapshot.ts";
import type { SeenRun } from "../../run/cluster/cluster.ts";
import { firstState, spentTokens } from "./state.ts";
import type { Ending, RunRecord, State } from "./state.ts";
import { commandComments, permitted, wanted, words } from "./wanted.ts";

/**
 * The state after this look, before anything is done: what was judged, what ended, what is to be started. And the
 * snapshot as that state sees it.
 */
export function step(seen: Snapshot, before: State, now: Date): { s: Snapshot; state: State; next: Next } {
  let state = nextGeneration(seen, judge(seen, before));
  // The branches and pull requests that were read are those of the generation before.
  const s = state.generation === before.generation ? seen : { ...seen, branches: {}, pulls: [] };
  state = takeCommands(seen, state);
  state = endRuns(s, state, now);
  const then = next(s, state, now);
  if (then.kind !== "run") return { s, state, next: then };
  const record = intent(s, state, then, now);
  return { s, state: { ...state, runs: [...state.runs, record] }, next: { kind: "running", run: record } };
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
  const ended = s.pulls
    .filter((pull) => pull.state !== "open")
    .map((pull) => pull.ended?.at ?? pull.createdAt);
  const over = ended.length > 0 && !s.pulls.some((pull) => pull.state === "open");
  if (!start || !over || !wanted(s, state).wanted || ended.some((at) => at >= start.at)) return state;
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
    const retry = commands.some((command) => command.kind === "retry" || command.kind === "start");
    const since = retry ? { at: comment.at.toISOString(), tokens: spentTokens(taken) } : taken.since;
    taken = { ...taken, commands: [...taken.commands, comment.id], since };
  }
  return taken;
}

/** Runs whose end is seen, or that nobody wants any more. */
function endRuns(s: Snapshot, state: State, now: Date): State {
  return state.runs.reduce((sofar, run) => (run.end ? sofar : endRun(s, sofar, run, now)), state);
}

function endRun(s: Snapshot, state: State, run: RunRecord, now: Date): State {
  const result = s.results[run.name];
  const seen = s.runs.find((each) => each.name === run.name);
  const over = s.pulls.some((pull) => pull.state !== "open");
  const end =
    !wanted(s, state).wanted || over
      ? ({ kind: "stopped", at: now.toISOString() } as const)
      : ((result && planEnd(result, now)) ?? (seen && agentEnd(s, state, run, seen, now)) ?? null);
  if (!end) return state;
  const tokens = result?.tokens ?? seen?.spent ?? 0;
  const ended = { ...run, end, tokens };
  const assessment = result?.kind === "assessed" ? result.assessment : state.assessment;
  return {
    ...state,
    assessment: end.kind === "done" && run.purpose === "plan" ? assessment : state.assessment,
    runs: state.runs.map((each) => (each.name === run.name ? ended : each)),
    spend: {
      tasks: add(state.spend.tasks, run.task, tokens),
      days: add(state.spend.days, now.toISOString().slice(0, 10), tokens),
    },
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

/** Reasons that another attempt can't mend by itself. */
const FINAL = new Set(["setup", "budget"]);

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
      return { kind: "failed", at, say: cut(outcome.say, 400), retry: !FINAL.has(outcome.reason) };
  }
}

/** The intent of a run: written down before it is started, so that every later look names it the same. */
function intent(s: Snapshot, state: State, run: Next & { kind: "run" }, now: Date): RunRecord {
  const task = run.purpose === "plan" ? "plan" : taskOf(state);
  const attempt =
    1 + Math.max(0, ...state.runs.filter((r) => r.purpose === run.purpose).map((r) => r.attempt));
  const name = runName({
    app: s.app.id,
    repositoryId: s.repository.id,
    issue: s.issue.number,
    generation: state.generation,
    task,
    purpose: run.purpose,
    attempt,
  });
  return {
    name,
    purpose: run.purpose,
    task,
    attempt,
    at: now.toISOString(),
    takes: run.takes,
    ...checkNames(s, run.takes),
    tokens: 0,
    end: null,
  };
}

function checkNames(s: Snapshot, takes: string[]): Pick<RunRecord, "checks"> {
  const checks = s.pulls.flatMap((pull) => pull.checks).filter((check) => takes.includes(check.id));
  return checks.length === 0 ? {} : { checks: Object.fromEntries(checks.map(({ id, name }) => [id, name])) };
}

const taskOf = (state: State): string =>
  state.assessment && state.assessment.kind !== "asks" ? state.assessment.task.id : "plan";
