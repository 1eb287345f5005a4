import { setTimeout as sleep } from "node:timers/promises";

import { readMarker } from "../app/words/marker.ts";
import { age, nextAlarm, turn } from "../test/harness/clock.ts";
import { where } from "../test/harness/github.ts";
import { busyWith } from "../test/harness/quiet.ts";
import { randomOf } from "../test/harness/random.ts";
import { openStage } from "../test/harness/stage.ts";
import type { Stage } from "../test/harness/stage.ts";
import { passAll, pushWork, report } from "./agents.ts";
import { planOf, randomTasks } from "./dag.ts";
import type { Figure } from "./figure.ts";
import { label, plannedIssue } from "./planned.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const ISSUES = 5;
const TASKS = 10;
const AGENT = { least: 5 * MINUTE_MS, most: 45 * MINUTE_MS };
const QUESTIONS = 15;
const SETTINGS = `limits:\n  parallel: ${TASKS}\n  repository: ${ISSUES * TASKS}\n  tokens: 50000000\n  minutes: 60\n`;
const POLL_MS = 10;

/** Something that happens at a time of the simulated clock. */
interface Event {
  at: number;
  happens(): Promise<void> | void;
}

interface Question {
  comment: number;
  issue: number;
}

/**
 * An hour in which 50 agents are at work at once, on five plans of one installation, while people ask. The clock of app,
 * twin and Redis skips the time in which nothing happens; what happens takes its real time.
 */
export async function busy(): Promise<Figure[]> {
  const random = randomOf(1);
  const failure = Promise.withResolvers<never>();
  // Whoever waits for it is told.
  failure.promise.catch(() => {});
  const events: Event[] = [];
  const pushes = new Set<Promise<void>>();
  let most = 0;
  const stage = await openStage({
    settings: SETTINGS,
    maxRuns: ISSUES * TASKS,
    begun: (brief) => {
      most = Math.max(most, stage.cluster.atWork().length);
      const at = stage.clock.now().getTime() + AGENT.least + random.upTo(AGENT.most - AGENT.least);
      const push = pushWork(stage, brief).catch(failure.reject);
      pushes.add(push);
      events.push({ at, happens: () => push.then(() => report(stage, brief)) });
      void push.finally(() => pushes.delete(push));
    },
  });
  try {
    // What is thrown away needs no saving, and the time that it takes isn't the app's.
    stage.twin.world.changed = () => {};
    passAll(stage, failure.reject);
    const issues: number[] = [];
    for (let count = 0; count < ISSUES; count++) {
      const tasks = randomTasks(random, { tasks: TASKS, reach: 0, least: 0, most: 0 });
      issues.push(await plannedIssue(stage, planOf(tasks)));
    }
    stage.twin.faults.secondaryLimits = true;
    stage.twin.calls.length = 0;
    const questions: Question[] = [];
    const begin = stage.clock.now().getTime();
    for (let count = 0; count < QUESTIONS; count++) {
      const issue = issues[random.upTo(issues.length - 1)]!;
      const ask = async () => void questions.push(await asks(stage, issue));
      events.push({ at: begin + MINUTE_MS + random.upTo(HOUR_MS - 3 * MINUTE_MS), happens: ask });
    }
    await Promise.all(issues.map((issue) => label(stage, issue)));
    await Promise.race([goOn(stage, events, pushes, begin + HOUR_MS), failure.promise]);
    if (most !== ISSUES * TASKS) throw new Error(`Only ${most} agents were at work at once.`);
    return figures(stage, questions);
  } finally {
    await stage.close();
  }
}

async function asks({ people }: Stage, issue: number): Promise<Question> {
  const comment = { ...where, issue_number: issue, body: "/agent status" };
  const { data } = await people.maintainer.octokit.issues.createComment(comment);
  return { comment: data.id, issue };
}

/** Lets things happen at their time, and skips the time in between, until `end`. */
async function goOn(stage: Stage, events: Event[], pushes: Set<Promise<void>>, end: number): Promise<void> {
  const { clock, queues, app, log } = stage;
  let idle = 0;
  for (let lines = -1; clock.now().getTime() < end;) {
    const now = clock.now().getTime();
    for (const event of events.filter(({ at }) => at <= now)) {
      events.splice(events.indexOf(event), 1);
      await event.happens();
      idle = 0;
    }
    const arrived = await Promise.race([stage.twin.idle().then(() => true), sleep(POLL_MS, false)]);
    const still =
      arrived && pushes.size === 0 && lines === log.entries.length && (await busyWith(stage)) === null;
    lines = log.entries.length;
    idle = still ? idle + 1 : 0;
    // Between two questions something may have moved from one queue to another.
    if (idle > 2) {
      const next = [end, ...events.map(({ at }) => at)].map((at) => at - clock.now().getTime());
      const ms = Math.max(1, Math.min(...next, (await nextAlarm(queues.alarm)) ?? HOUR_MS));
      await turn(clock, queues.alarm, ms);
      await age(app.ports, ms);
      idle = 0;
    }
    await sleep(POLL_MS);
  }
}

function figures({ twin, registered, log }: Stage, questions: Question[]): Figure[] {
  const { slug, id } = registered.app;
  const calls = twin.calls.filter((call) => call.by === slug);
  const refused = calls.filter(({ status }) => status === 429 || status === 403);
  const comments = [...twin.world.state.comments.rows.values()];
  const waits = questions.map(({ comment }) => {
    const asked = comments.find((each) => each.id === comment);
    const answer = comments.find(({ body }) => readMarker(id, body) === `command:${comment}`);
    if (!asked || !answer) throw new Error(`A question has no answer:\n${log.tail(12)}`);
    return answer.createdAt - asked.createdAt;
  });
  const merged = [...twin.world.state.pulls.rows.values()].filter((pull) => pull.merged !== null).length;
  const writes = calls.filter(({ kind, method }) => kind === "rest" && method !== "GET").length;
  const of = `${ISSUES * TASKS} agents at once on ${ISSUES} plans, of 5 to 45 min, ${merged} tasks merged; the clock skips idle time`;
  return [
    {
      figure: "busy hour: secondary limits hit",
      value: refused.length,
      unit: "of the calls",
      goal: "0",
      against: `${calls.length} calls, ${writes} of them REST writes; ${of}`,
    },
    {
      figure: "busy hour: longest wait for an answer",
      value: Math.max(...waits) / 1000,
      unit: "s",
      goal: "≤ 60",
      against: `${waits.length} times /agent status; ${of}`,
    },
  ];
}
