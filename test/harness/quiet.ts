import { setTimeout as sleep } from "node:timers/promises";

import { nextAlarm, turn } from "./clock.ts";
import type { Stage } from "./stage.ts";

const PATIENCE_MS = 60_000;
const POLL_MS = 10;
/** What rings by itself so soon belongs to what happens now: a look that is tried again, one after an opened pull request. */
const SOON_MS = 5000;
/** An alarm that rings so often in a row never comes to rest. */
const MOST_ALARMS = 40;

/**
 * Waits until nothing is under way: every webhook has arrived, nobody looks, no agent has ended whose end wasn't seen.
 * Nothing sleeps for a while and hopes. Throws what it saw if that doesn't come.
 */
export async function untilQuiet(stage: Stage): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let alarms = 0; ; alarms++) {
    await untilIdle(stage, deadline);
    const soon = await nextAlarm(stage.queues.alarm);
    if (soon === null || soon > SOON_MS) return;
    if (alarms === MOST_ALARMS) throw new Error(`It doesn't come to rest:\n${stage.log.tail(15)}`);
    await turn(stage.clock, stage.queues.alarm, soon);
  }
}

async function untilIdle(stage: Stage, deadline: number): Promise<void> {
  // Twice in a row: between two questions something may have moved from one queue to another.
  for (let idle = 0, lines = -1; idle < 2;) {
    const arrived = await Promise.race([stage.twin.idle().then(() => true), sleep(POLL_MS, false)]);
    const busy = await busyWith(stage);
    const { length } = stage.log.entries;
    idle = busy === null && lines === length ? idle + 1 : 0;
    lines = length;
    if (idle === 2 && arrived) return;
    if (idle === 2) {
      // Nothing happens but that webhooks are held back: their time comes now.
      await hurry(stage);
      idle = 0;
    }
    if (Date.now() > deadline)
      throw new Error(
        `After ${PATIENCE_MS / 1000} s there is still ${busy ?? "a webhook under way"}. The log's end:\n${stage.log.tail(15)}`,
      );
    await sleep(POLL_MS);
  }
}

async function hurry({ post, clock, queues }: Stage): Promise<void> {
  const held = post.nextHeld();
  if (held === null) return;
  await turn(clock, queues.alarm, held);
  post.hurry();
}

/** What is under way, in words; null: nothing. */
export async function busyWith({ queues, cluster, planner }: Stage): Promise<string | null> {
  const counts = async (queue: keyof Stage["queues"]) =>
    queues[queue].getJobCounts("active", "waiting", "prioritized", "delayed");
  const [advance, alarm, run] = await Promise.all([counts("advance"), counts("alarm"), counts("run")]);
  const atWork = cluster.atWork().length + planner.atWork();
  const words = [
    advance["active"] || advance["waiting"] ? `a look under way (${JSON.stringify(advance)})` : "",
    alarm["active"] || alarm["waiting"] ? `an alarm ringing (${JSON.stringify(alarm)})` : "",
    run["waiting"] || run["delayed"] || (run["active"] ?? 0) !== atWork
      ? `a run beginning or ending (${JSON.stringify(run)}, at work: ${atWork})`
      : "",
  ].filter((word) => word !== "");
  return words.length > 0 ? words.join(", ") : null;
}
