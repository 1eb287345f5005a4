import { join } from "node:path";

import type { Outcome } from "../contract/outcome.ts";
import { checkOut } from "./checkout.ts";
import type { Start } from "./conclude.ts";
import { conclude } from "./conclude.ts";
import type { Context, Conversation } from "./conversation.ts";
import { conversation } from "./conversation.ts";
import type { Ending } from "./ending.ts";
import { cleanEnvironment } from "./environment.ts";
import { gateAt } from "./gate.ts";
import { runnerGit } from "./git.ts";
import { snapshotTree } from "./leftovers.ts";
import { mergeBase } from "./merge.ts";
import type { Printer } from "./printer.ts";
import type { Settings } from "./settings.ts";
import { setUp } from "./setup.ts";
import type { Place } from "./tests.ts";
import { oneLine } from "./text.ts";
import { verify } from "./verify.ts";
import { testWalls } from "./walls.ts";
import { mergedWords } from "./words.ts";
import type { Work } from "./work.ts";

/** One run from its brief to its outcome. Throws `RunFailure` for what is said to people, anything else is our own error. */
export async function run(settings: Settings, printer: Printer, ending: Ending): Promise<Outcome> {
  const { brief } = settings;
  const gate = gateAt(settings.gate, settings.pass);
  const git = runnerGit(settings, join(settings.work, "repo"));
  const env = cleanEnvironment(settings);
  const context = { settings, gate, git, printer, ending };

  // The gate and the repository are waited for with patience, which one who is told to end hasn't.
  await ending.orOver(gate.greet(), "before the gate answered");
  await ending.orOver(begin(context), "before it had the repository");
  const sha = await git.run("rev-parse", "HEAD");
  printer.step(`checked out ${brief.branch.name} at ${sha.slice(0, 10)}`);

  await setUp(brief.setup, { tree: git.tree, env, printer, ending });
  // What setup changed in tracked files would be in the way of a merge.
  if (brief.purpose === "resolve") await git.run("reset", "--quiet", "--hard");
  const setup = { before: await git.run("rev-parse", "HEAD^{tree}"), after: await snapshotTree(git) };

  const place = { brief, git, env, printer, ending };
  const start = { sha, setup };
  return conclude(place, start, await workOf(context, place, start));
}

/** Clones, and tests the walls meanwhile. That is told also where the clone fails first, and where both do it is why. */
async function begin({ settings, git, printer }: Context): Promise<void> {
  const cloned = checkOut(git, settings.brief, settings.gate);
  cloned.catch(() => {}); // heard of below
  await testWalls(settings.walls, printer);
  await cloned;
}

/** The work, tested where that is asked for, with the agent gone. Throws `RunFailure`. */
async function workOf(context: Context, place: Place, start: Start): Promise<Work> {
  const talk = conversation(context);
  try {
    const work = place.brief.purpose === "resolve" ? await resolve(context, talk) : await talk.work([]);
    return await verify(place, { start, work }, (failed) => talk.mend(work, failed));
  } finally {
    await talk.close();
  }
}

/** Merges the base into the branch; the agent is asked only where that conflicts. */
async function resolve(context: Context, talk: Conversation): Promise<Work> {
  const { brief } = context.settings;
  const merge = await mergeBase(context.git, brief);
  switch (merge.kind) {
    case "current":
      return unasked(mergedWords(brief, "current"));
    case "clean":
      context.printer.step(`merged ${brief.base.branch} without conflicts`);
      return unasked(mergedWords(brief, "clean"));
    case "conflicts":
      context.printer.step(`conflicts in ${oneLine(merge.paths.join(", "), 500)}`);
      return talk.work(merge.paths);
  }
}

function unasked(words: { title: string; what: string }): Work {
  const report = { ...words, why: null, tested: null, question: null, answers: {} };
  return { report, said: words.what, early: null, tested: null };
}
