import { expect } from "vitest";

import { phaseOfLabel } from "../../app/phase.ts";
import type { Acts } from "./acts.ts";
import type { Bot } from "./bot.ts";
import { untilQuiet } from "./quiet.ts";
import { OWNER, REPO } from "./github.ts";
import type { Stage } from "./stage.ts";

/** What every scenario asserts at its end without writing it (design §11). */
export async function unwritten(stage: Stage, acts: Acts, bot: Bot): Promise<void> {
  expect(
    bot.unread().map(({ on, text }) => `#${on}: ${text}`),
    "comments that nobody asserted",
  ).toEqual([]);
  await stage.post.allArrived();
  await untilQuiet(stage);
  await performsNothing(stage, "looked at again", () => ringAll(stage, acts), []);
  const followed = acts.seen().issues.length > 0 ? ["run"] : [];
  await performsNothing(stage, "swept after Redis was emptied", () => sweepEmptied(stage, acts), followed);
}

/** Whatever happens in `meanwhile` ends in no effects but those `allowed`, and in no write to GitHub. */
async function performsNothing(
  stage: Stage,
  when: string,
  meanwhile: () => Promise<void>,
  allowed: string[],
): Promise<void> {
  const { log } = stage;
  const lines = log.entries.length;
  const writes = stage.writes.length;
  await meanwhile();
  await untilQuiet(stage);
  const effects = log.entries.slice(lines).flatMap((entry) => entry.effects ?? []);
  expect(
    effects.filter((effect) => !allowed.includes(effect)),
    `effects when ${when}:\n${log.tail(6)}`,
  ).toEqual([]);
  expect(stage.writes.slice(writes), `writes when ${when}`).toEqual([]);
}

async function ringAll({ app, registered, twin }: Stage, acts: Acts): Promise<void> {
  const [installation] = twin.world.state.installations.children.get(registered.app.id)?.keys() ?? [];
  const numbers = [...acts.seen().issues, ...acts.seen().pulls].map(({ number }) => number);
  for (const number of numbers)
    await app.ports.bell.ring({
      kind: "issue",
      installationId: Number(installation),
      owner: OWNER,
      name: REPO,
      number,
    });
}

/** Nobody rings: the app's own sweep has to find what is live. */
async function sweepEmptied(stage: Stage, acts: Acts): Promise<void> {
  const { app, log, cluster, queues } = stage;
  const lines = log.entries.length;
  await app.ports.redis.flushall();
  await app.sweep();
  await app.sweepPlans();
  await untilQuiet(stage);
  const live = acts.seen().issues.filter(({ labels }) => labels.some(isLive));
  const looked = log.entries.slice(lines).map((entry) => entry.issue);
  for (const { number } of live) expect(looked).toContain(`${OWNER}/${REPO}#${number}`);
  expect((await queues.run.getActive()).length, "runs that are followed again").toBe(cluster.atWork().length);
}

const isLive = (label: string): boolean => {
  const phase = phaseOfLabel(label);
  return phase !== null && phase !== "done" && phase !== "stopped";
};
