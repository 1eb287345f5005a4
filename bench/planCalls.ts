import { setTimeout as sleep } from "node:timers/promises";

import type { Brief } from "../agent-pod/contract/brief.ts";
import { where } from "../test/harness/github.ts";
import { openStage } from "../test/harness/stage.ts";
import type { Stage } from "../test/harness/stage.ts";
import type { ApiCall } from "../twin/calls.ts";
import { passAll, pushWork, report } from "./agents.ts";
import { label } from "./planned.ts";

/** Six tasks in three waves. */
const PLAN = { a: [], b: [], c: ["a"], d: ["a", "b"], e: ["c"], f: ["d"] };
export const TASKS = Object.keys(PLAN).length;
/** By the order in which agents start: none ends together with another, which would save calls. */
const AGENT_MS = [3000, 5000, 4000, 6000, 3000, 5000];
const PATIENCE_MS = 120_000;

/**
 * The app's calls to GitHub for a plan where everything goes well: labelled, planned, approved by 👍, six tasks merged,
 * and the root pull request by a person. Throws where it doesn't go so.
 */
export async function planCalls(): Promise<ApiCall[]> {
  const failure = Promise.withResolvers<never>();
  // Whoever waits for it is told.
  failure.promise.catch(() => {});
  let agents = 0;
  const stage = await openStage({
    // Agents of seconds bring its limit on writes near, which would leave some out.
    bucket: { take: async () => {} },
    begun: (brief) => void work(stage, brief, AGENT_MS[agents++] ?? 0).catch(failure.reject),
  });
  try {
    passAll(stage, (work) => void work.catch(failure.reject));
    stage.planner.plans(PLAN);
    const late = sleep(PATIENCE_MS, undefined, { ref: false }).then(() => {
      throw new Error(`The plan isn't done:\n${stage.log.tail(12)}`);
    });
    late.catch(() => {});
    stage.twin.calls.length = 0;
    await Promise.race([tell(stage), failure.promise, late]);
    if (agents !== TASKS) throw new Error(`${agents} agents worked on ${TASKS} tasks.`);
    return stage.twin.calls.filter((call) => call.by === stage.registered.app.slug);
  } finally {
    await stage.close();
  }
}

async function work(stage: Stage, brief: Brief, ms: number): Promise<void> {
  await Promise.all([pushWork(stage, brief), sleep(ms)]);
  report(stage, brief);
}

async function tell(stage: Stage): Promise<void> {
  const { octokit } = stage.people.maintainer;
  const { data: issue } = await octokit.issues.create({ ...where, title: "All of it", body: "" });
  await label(stage, issue.number);
  await phase(stage, issue.number, "awaiting approval");
  const comment_id = await planComment(stage);
  await octokit.reactions.createForIssueComment({ ...where, comment_id, content: "+1" });
  await stage.readsThumbs();
  const pull_number = await readyPull(stage);
  await octokit.pulls.merge({ ...where, pull_number, merge_method: "squash" });
  await phase(stage, issue.number, "done");
  const { queues, twin } = stage;
  await twin.idle();
  while ((await queues.advance.getActiveCount()) > 0) await sleep(50);
}

const planComment = ({ twin: { world } }: Stage): Promise<number> =>
  seen(() => [...world.state.comments.rows.values()].find(({ body }) => body.includes("```yaml"))?.id);

/** The pull request that a person is asked to review. */
const readyPull = ({ twin: { world } }: Stage): Promise<number> =>
  seen(
    () =>
      [...world.state.pulls.rows.values()].find((pull) => !pull.draft && pull.requestedReviewerIds.length > 0)
        ?.number,
  );

/** Until the issue's label shows the phase. */
async function phase({ twin: { world } }: Stage, number: number, name: string): Promise<void> {
  await seen(() => {
    const issue = [...world.state.issues.rows.values()].find((each) => each.number === number);
    return issue?.labelIds.find((id) => world.state.labels.rows.get(id)?.name === `agent: ${name}`);
  });
}

/** What `look` finds, as soon as it finds something. */
async function seen<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await sleep(50);
  }
}
