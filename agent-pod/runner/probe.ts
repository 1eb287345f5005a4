/**
 * What `helm test` starts in the runner's place, in a pod like an agent's: whether it reaches the gate, and nothing else. Its
 * outcome is a sentence about what is wrong, or nothing.
 */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { printer } from "./printer.ts";
import { readProbeSettings } from "./settings.ts";
import { testWalls } from "./walls.ts";

const READY_MS = 30_000;

const { gate, outcome, walls } = readProbeSettings(process.env);
writeFileSync(outcome, await whatIsWrong());

async function whatIsWrong(): Promise<string> {
  if (!(await gateAnswers())) return `It doesn't reach the gate at ${gate}.`;
  const print = printer((line) => process.stdout.write(line));
  return testWalls(walls, print).then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

async function gateAnswers(): Promise<boolean> {
  for (const until = Date.now() + READY_MS; Date.now() < until; await sleep(500)) {
    const answer = await fetch(`${gate}/health`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return true;
  }
  return false;
}
