import { renameSync, writeFileSync } from "node:fs";

import type { Outcome } from "../contract/outcome.ts";
import { printOutcome } from "../contract/outcome.ts";
import { endChildren } from "./child.ts";
import { endingAfter } from "./ending.ts";
import { RunFailure } from "./failure.ts";
import { printer } from "./printer.ts";
import { run } from "./run.ts";
import { readSettings } from "./settings.ts";
import { headOf } from "./text.ts";

const CHILD_GRACE_MS = 3_000;

const settings = readSettings(process.env);
const print = printer((line) => process.stdout.write(line));
const ending = endingAfter(settings.brief.limits.minutes);

process.on("SIGTERM", () => ending.end("stop"));
process.on("SIGINT", () => ending.end("stop"));
process.on("uncaughtException", (error) => void finish(outcomeOf(error)));
process.on("unhandledRejection", (error) => void finish(outcomeOf(error)));

await finish(await run(settings, print, ending).catch(outcomeOf));

/** Writes the outcome, whole or not at all. Where that fails nobody can be told: the exit code and stderr are left. */
async function finish(outcome: Outcome): Promise<never> {
  try {
    await endChildren(CHILD_GRACE_MS);
    print.step(`outcome: ${outcome.kind}`);
    leave(printOutcome(outcome));
    process.exit(0);
  } catch (error) {
    process.stderr.write(`The outcome couldn't be written: ${String(error)}\n`);
    process.exit(1);
  }
}

function leave(outcome: string): void {
  const unfinished = `${settings.outcome}.${process.pid}`;
  try {
    writeFileSync(unfinished, outcome);
    renameSync(unfinished, settings.outcome);
  } catch {
    // A pod's termination log is a mount in a folder that isn't ours; it is read when we have ended, and only then.
    writeFileSync(settings.outcome, outcome);
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof RunFailure)
    return { kind: "failed", reason: error.reason, say: headOf(error.message, 1500) };
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof Error ? error.stack : message}\n`);
  return { kind: "failed", reason: "runner", say: headOf(`The runner broke: ${message}`, 1500) };
}
