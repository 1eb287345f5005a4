import type { Outcome } from "../../../agent-pod/contract/outcome.ts";
import type { SeenRun } from "../../run/cluster/cluster.ts";
import type { RunOrder } from "./effects.ts";
import type { PlanResult } from "./snapshot.ts";
import { pick, Refused, withHub } from "./testWorld.ts";
import type { Behaviour, Todo, World } from "./testWorld.ts";
import { push } from "./testWorldPulls.ts";

const GOOD: Behaviour = { ms: 60_000, does: "push", spends: 10 };
const PLANNING_MS = 30_000;
const PLANNING_TOKENS = 1000;

/** The run is started, or followed again. */
export function startRun(world: World, order: RunOrder): World {
  const { name } = order;
  if (world.memory.followed.includes(name)) return world;
  return order.kind === "plan" ? startPlanner(world, order) : startAgent(world, order);
}

function startPlanner(world: World, { name, labels, terms }: RunOrder): World {
  const does = world.story.planner[labels.attempt - 1] ?? "plan";
  const tokens = Math.min(terms.llm.budget, PLANNING_TOKENS);
  const ends: Todo = { kind: "planEnds", at: world.now + PLANNING_MS, run: name, does, tokens };
  return following({ ...world, todo: [...world.todo, ends], started: [...world.started, name] }, name);
}

function startAgent(world: World, order: RunOrder & { kind: "agent" }): World {
  const { name, labels, purpose } = order;
  const seen = world.cluster.find((run) => run.name === name);
  if (seen?.state.kind === "running") return following(world, name);
  if (seen) return world;
  const atWork = world.cluster.filter((run) => run.state.kind === "running");
  if (atWork.length >= world.story.room) throw new Refused("As many agents are at work as may be", 5000);
  const behaviour = pick(world.story.agents, `${labels.task} ${purpose}`)?.[labels.attempt - 1] ?? GOOD;
  const { git, llm } = order.terms;
  const work = { behaviour, budget: llm.budget, branch: (git.ref ?? "").replace("refs/heads/", "") };
  const ends: Todo = { kind: "runEnds", at: world.now + behaviour.ms, run: name, ...work };
  const run: SeenRun = {
    name,
    labels: { ...labels, purpose },
    startedAt: new Date(world.now),
    state: { kind: "running" },
    spent: 0,
  };
  const next = { ...world, cluster: [...world.cluster, run], todo: [...world.todo, ends] };
  return following({ ...next, started: [...next.started, name] }, name);
}

const following = (world: World, run: string): World => ({
  ...world,
  memory: { ...world.memory, followed: [...world.memory.followed, run] },
});

const unfollowed = (world: World, run: string): World => ({
  ...world,
  memory: { ...world.memory, followed: world.memory.followed.filter((each) => each !== run) },
});

/** The planner leaves its answer, where its follower is still there. */
export function planEnds(world: World, { run, does, tokens }: Todo & { kind: "planEnds" }): World {
  if (!world.memory.followed.includes(run)) return world;
  const next = unfollowed(world, run);
  const results = { ...next.memory.results, [run]: answer(world, does, tokens) };
  return { ...next, memory: { ...next.memory, results } };
}

function answer({ story }: World, does: (Todo & { kind: "planEnds" })["does"], tokens: number): PlanResult {
  switch (does) {
    case "plan":
      return { kind: "assessed", assessment: { kind: "complex", plan: story.plan }, tokens };
    case "simple": {
      const task = { id: "only", title: "Do it", body: "All of it." };
      return { kind: "assessed", assessment: { kind: "simple", task }, tokens };
    }
    case "ask":
      return { kind: "assessed", assessment: { kind: "asks", questions: ["Which of both?"] }, tokens };
    case "fail":
      return { kind: "failed", say: "The model could not be reached.", retry: true, tokens };
    case "give up":
      return { kind: "failed", say: "No valid plan after three tries.", retry: false, tokens };
  }
}

/** The agent ends as it was to, if it still runs. */
export function runEnds(world: World, todo: Todo & { kind: "runEnds" }): World {
  const { run, behaviour, budget, branch } = todo;
  const seen = world.cluster.find((each) => each.name === run);
  if (seen?.state.kind !== "running") return world;
  const spent = behaviour.does === "budget" ? budget : Math.floor((budget * behaviour.spends) / 100);
  const pushed = behaviour.does === "push" ? push(world, branch) : world;
  return ended(pushed, run, stateAfter(behaviour, new Date(world.now)), spent);
}

const WORDS = { title: "Do it", what: "It is done.", why: "", tested: "" };

function stateAfter({ does }: Behaviour, at: Date): SeenRun["state"] {
  const end = (outcome: Outcome): SeenRun["state"] => ({ kind: "ended", at, outcome, answers: {} });
  switch (does) {
    case "push":
    case "claim":
      return end({ kind: "pushed", ...WORDS });
    case "nothing":
      return end({ kind: "nothing", say: "There was nothing to do." });
    case "ask":
      return end({ kind: "asks", question: "Which of both?" });
    case "fail":
      return end({ kind: "failed", reason: "agent", say: "The agent crashed." });
    case "setup":
      return end({ kind: "failed", reason: "setup", say: "npm ci failed." });
    case "budget":
      return end({ kind: "failed", reason: "budget", say: "It has used its tokens." });
    case "crash":
      return { kind: "lost", at, say: "Its pod was evicted.", reason: "crashed" };
  }
}

function ended(world: World, run: string, state: SeenRun["state"], spent: number): World {
  const cluster = world.cluster.map((each) => (each.name === run ? { ...each, state, spent } : each));
  return { ...unfollowed(world, run), cluster };
}

/** Ends a run from here. */
export function stopRun(world: World, run: string): World {
  const seen = world.cluster.find((each) => each.name === run);
  if (seen?.state.kind !== "running") return unfollowed(world, run);
  const say = "It was ended.";
  return ended(world, run, { kind: "lost", at: new Date(world.now), say, reason: "deleted" }, seen.spent);
}

export function forgetRun(world: World, run: string): World {
  const results = Object.fromEntries(Object.entries(world.memory.results).filter(([name]) => name !== run));
  const cluster = world.cluster.filter((each) => each.name !== run);
  return { ...world, cluster, memory: { ...world.memory, results } };
}

/**
 * Redis is emptied: nobody rings or follows a run any more, until the sweep comes by. GitHub's answers don't lag as well
 * just then: which state was written last nobody could tell.
 */
export const flushed = (world: World): World => ({
  ...world,
  past: [],
  alarm: null,
  swept: null,
  todo: world.todo.filter((each) => each.kind !== "ring"),
  memory: {
    written: null,
    staleTimes: 0,
    posted: {},
    merged: {},
    refusals: {},
    followed: [],
    results: {},
  },
});

/** A check of a head commit appears, or ends. */
export function checkComes(world: World, todo: Todo & { kind: "check" }): World {
  const pulls = world.hub.pulls.map((pull) => {
    if (pull.number !== todo.pull || pull.head !== todo.head) return pull;
    const check = {
      kind: "run" as const,
      id: `cr${parseInt(todo.head.slice(0, 6), 16)}`,
      name: "test",
      app: "ci",
      ended: todo.ended,
      failed: todo.ended && todo.failed,
      url: null,
      output: "",
      annotations: [],
    };
    return { ...pull, checks: [check] };
  });
  const next = withHub(world, { pulls });
  if (todo.ended) return next;
  return { ...next, todo: [...next.todo, { ...todo, at: world.now + todo.ms, ended: true }] };
}
