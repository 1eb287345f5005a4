import { readMarker } from "../app/words/marker.ts";
import { where } from "../test/harness/github.ts";
import { randomOf } from "../test/harness/random.ts";
import { openStage } from "../test/harness/stage.ts";
import type { Stage } from "../test/harness/stage.ts";
import { passAll, pushWork, report } from "./agents.ts";
import { planOf, randomTasks } from "./dag.ts";
import type { Figure } from "./figure.ts";
import { label, plannedIssue } from "./planned.ts";
import { simulate } from "./simulate.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const ISSUES = 5;
const TASKS = 10;
const AGENT = { least: 5 * MINUTE_MS, most: 45 * MINUTE_MS };
const QUESTIONS = 15;
const SETTINGS = `limits:\n  parallel: ${TASKS}\n  repository: ${ISSUES * TASKS}\n  tokens: 50000000\n  minutes: 60\n`;

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
  const time = simulate(() => stage);
  let most = 0;
  const stage = await openStage({
    settings: SETTINGS,
    maxRuns: ISSUES * TASKS,
    begun: (brief) => {
      most = Math.max(most, stage.cluster.atWork().length);
      const end = stage.clock.now().getTime() + AGENT.least + random.upTo(AGENT.most - AGENT.least);
      time.during(pushWork(stage, brief));
      time.at(end, () => report(stage, brief));
    },
  });
  try {
    // What is thrown away needs no saving, and the time that it takes isn't the app's.
    stage.twin.world.changed = () => {};
    passAll(stage, time.during);
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
      time.at(begin + MINUTE_MS + random.upTo(HOUR_MS - 3 * MINUTE_MS), ask);
    }
    await Promise.all(issues.map((issue) => label(stage, issue)));
    const isOver = () => stage.clock.now().getTime() >= begin + HOUR_MS;
    await time.until(isOver, begin + HOUR_MS);
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
