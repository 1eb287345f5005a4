import { expect } from "vitest";

import { scenario } from "./harness/scenario.ts";
import type { World } from "./harness/scenario.ts";
import { becomesReady } from "./steps.ts";

/** The samples of the app's metrics, by name and labels. */
async function metrics({ stage }: World): Promise<Record<string, number>> {
  const text = await stage.app.registry.metrics();
  const samples = text.split("\n").filter((line) => line && !line.startsWith("#"));
  return Object.fromEntries(
    samples.map((line) => [line.replace(/ [^ ]*$/, ""), Number(line.split(" ").at(-1))]),
  );
}

scenario(
  "an issue on its way is counted: looks, effects, webhooks, writes, runs",
  { maxRuns: 1 },
  async (world) => {
    const { issue, people } = world;
    await issue.isLabelled("agent", { by: people.maintainer });
    expect(await metrics(world)).toMatchObject({
      'coxswain_runs{state="working"}': 1,
      'coxswain_runs{state="waiting"}': 0,
      'coxswain_queue_jobs{queue="run",state="active"}': 1,
      'coxswain_queue_jobs{queue="advance",state="waiting"}': 0,
    });
    await becomesReady(world);
    const counted = await metrics(world);
    expect(counted).toMatchObject({
      'coxswain_effects_total{kind="openPull"}': 1,
      'coxswain_runs{state="working"}': 0,
      'coxswain_runs_ended_total{purpose="implement",how="pushed",reason=""}': 1,
      'coxswain_queue_jobs{queue="run",state="active"}': 0,
    });
    for (const some of [
      'coxswain_look_duration_seconds_count{outcome="decided"}',
      'coxswain_look_duration_seconds_sum{outcome="decided"}',
      'coxswain_webhooks_total{event="issues"}',
      'coxswain_github_writes_total{rank="state"}',
    ])
      expect(counted[some]).toBeGreaterThan(0);
    expect(counted['coxswain_look_duration_seconds_count{outcome="failed"}']).toBeUndefined();
    // Of names, none is a label: there are as many series for a thousand repositories as for one.
    expect(Object.keys(counted).filter((name) => /acme|teatime|mona|cx-/.test(name))).toEqual([]);
  },
);
