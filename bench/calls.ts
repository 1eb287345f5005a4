import { setTimeout as sleep } from "node:timers/promises";

import type { Cast } from "../twin/demo/cast.ts";
import { startStack } from "../twin/demo/stack.ts";
import type { Stack } from "../twin/demo/stack.ts";
import { tellShortStory, tellStory } from "../twin/demo/story.ts";
import type { ApiCall } from "../twin/calls.ts";
import type { Figure } from "./figure.ts";
import { planCalls, TASKS } from "./planCalls.ts";

const SWEEP_SECONDS = 2;
/** Sweeps that a window of the idle bench holds, and how many the default of 300 s makes in an hour. */
const SWEEPS = 5;
const SWEEPS_AN_HOUR = 12;

/** GitHub calls of the app: of the demo's story, of one without follow-ups, of an issue where nothing happens, and of a plan. */
export async function calls(): Promise<Figure[]> {
  return [await whole(), ...(await short()), await plan()];
}

const silent = { tell: () => {}, env: {} };

async function whole(): Promise<Figure> {
  const stack = await startStack(silent);
  try {
    stack.twin.calls.length = 0;
    await tellStory(cast(stack));
    await stack.twin.idle();
    return {
      figure: "GitHub calls: the demo's story",
      value: callsOf(stack).length,
      unit: "calls",
      goal: "≤ 40",
      against: kinds(callsOf(stack)),
    };
  } finally {
    await stack.stop();
  }
}

async function short(): Promise<Figure[]> {
  const stack = await startStack({ ...silent, settings: { SWEEP_SECONDS: "86400" }, noted: true });
  try {
    stack.twin.calls.length = 0;
    await tellShortStory(cast(stack), "merged");
    await stack.twin.idle();
    const story: Figure = {
      figure: "GitHub calls: a story without follow-ups",
      value: callsOf(stack).length,
      unit: "calls",
      goal: "≤ 25",
      against: kinds(callsOf(stack)),
    };
    return [story, ...(await idle())];
  } finally {
    await stack.stop();
  }
}

async function plan(): Promise<Figure> {
  const made = await planCalls();
  return {
    figure: "GitHub calls: a task of a plan",
    value: made.length / TASKS,
    unit: "calls",
    goal: "≤ 20",
    against: `${TASKS} tasks in 3 waves, from the label to done: ${kinds(made)}`,
  };
}

/** What an issue in review adds to the calls of the sweep, beside the sweep's own. */
async function idle(): Promise<Figure[]> {
  const stack = await startStack({
    ...silent,
    settings: { SWEEP_SECONDS: String(SWEEP_SECONDS) },
    noted: true,
  });
  try {
    const empty = await window(stack);
    await tellShortStory(cast(stack), "in review");
    await sleep(SWEEP_SECONDS * 3000);
    const waiting = await window(stack);
    if (waiting < empty)
      throw new Error("The sweep made fewer calls with an issue than without: measure again.");
    const hourly = (count: number): number => Math.round((count / SWEEPS) * SWEEPS_AN_HOUR);
    return [
      {
        figure: "GitHub calls: an idle issue, an hour",
        value: hourly(waiting - empty),
        unit: "calls",
        goal: "0",
        against: `the sweep's own: ${hourly(empty)} for one repository`,
      },
    ];
  } finally {
    await stack.stop();
  }
}

/** Calls in the time of so many sweeps, counted from the beginning of one; a token lasts an hour, whenever it is minted. */
async function window(stack: Stack): Promise<number> {
  const sweeps = (): number =>
    callsOf(stack).filter((call) => call.route === "GET /app/installations").length;
  const until = async (count: number): Promise<void> => {
    while (sweeps() < count) await sleep(20);
  };
  await until(sweeps() + 1);
  const [from, first] = [sweeps(), stack.twin.calls.length];
  await until(from + SWEEPS);
  return stack.twin.calls.slice(first).filter((call) => call.by === stack.slug && call.kind !== "token")
    .length;
}

const callsOf = ({ twin, slug }: Stack) => twin.calls.filter((call) => call.by === slug);

function kinds(made: ApiCall[]): string {
  const count = (kind: ApiCall["kind"]): number => made.filter((call) => call.kind === kind).length;
  return `${count("rest")} REST, ${count("graphql")} GraphQL, ${count("token")} tokens`;
}

function cast({ twin, owner, repo, tokens }: Stack): Cast {
  return {
    api: twin.world.urls.api,
    owner,
    repo,
    ...tokens,
    tell: () => {},
    signal: new AbortController().signal,
  };
}
