import { join } from "node:path";

import type { Outcome } from "../contract/outcome.ts";
import { checkOut } from "./checkout.ts";
import { conclude } from "./conclude.ts";
import type { Ending } from "./ending.ts";
import { cleanEnvironment } from "./environment.ts";
import { RunFailure } from "./failure.ts";
import type { Gate } from "./gate.ts";
import { gateAt } from "./gate.ts";
import type { Git } from "./git.ts";
import { runnerGit } from "./git.ts";
import { hidePaths } from "./hide.ts";
import { snapshotTree } from "./leftovers.ts";
import { mergeBase } from "./merge.ts";
import { followNotes } from "./notes.ts";
import { prepareAgent } from "./preset.ts";
import type { Printer } from "./printer.ts";
import { startAgent } from "./session.ts";
import type { Settings } from "./settings.ts";
import { setUp } from "./setup.ts";
import { oneLine } from "./text.ts";
import { mergedWords } from "./words.ts";
import type { Work } from "./work.ts";
import { work } from "./work.ts";

interface Context {
  settings: Settings;
  gate: Gate;
  git: Git;
  printer: Printer;
  ending: Ending;
}

/** One run from its brief to its outcome. Throws `RunFailure` for what is said to people, anything else is our own error. */
export async function run(settings: Settings, printer: Printer, ending: Ending): Promise<Outcome> {
  const { brief } = settings;
  const gate = gateAt(settings.gate, settings.pass);
  const git = runnerGit(settings, join(settings.work, "repo"));
  const env = cleanEnvironment(settings);
  const context = { settings, gate, git, printer, ending };

  await gate.greet();
  await checkOut(git, brief, settings.gate);
  const sha = await git.run("rev-parse", "HEAD");
  printer.step(`checked out ${brief.branch.name} at ${sha.slice(0, 10)}`);

  await setUp(brief.setup, { tree: git.tree, env, printer, ending });
  // What setup changed in tracked files would be in the way of a merge.
  if (brief.purpose === "resolve") await git.run("reset", "--quiet", "--hard");
  const setup = { before: await git.run("rev-parse", "HEAD^{tree}"), after: await snapshotTree(git) };

  const done = brief.purpose === "resolve" ? await resolve(context) : await converse(context, []);
  return conclude({ brief, git, env, printer, ending }, { sha, setup }, done);
}

/** Merges the base into the branch; the agent is asked only where that conflicts. */
async function resolve(context: Context): Promise<Work> {
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
      return converse(context, merge.paths);
  }
}

function unasked(words: { title: string; what: string }): Work {
  const report = { ...words, why: null, tested: null, question: null, answers: {} };
  return { report, said: words.what, early: null };
}

/** Starts the agent and talks with it until its work is done. Throws `RunFailure`. */
async function converse(context: Context, conflicts: readonly string[]): Promise<Work> {
  const { settings, gate, git, printer, ending } = context;
  // Agents try again for minutes, in silence, when the model refuses them.
  const model = await gate.model();
  if (model.kind === "spent") throw new RunFailure("budget", model.say);
  if (model.kind === "unreachable") throw new RunFailure("model", model.say);

  const { command, env, hidden } = prepareAgent(settings, git.tree);
  printer.step("starting the agent");
  const putBack = await hidePaths(git, hidden, join(settings.work, "hidden"));
  const agent = await startAgent(command, { tree: git.tree, env, printer });
  printer.step("the agent is at work");
  const notes = followNotes(gate, {
    stop: () => ending.end("stop"),
    message: ({ by, text }) => printer.step(`@${by} tells the agent: ${oneLine(text, 500)}`),
  });
  try {
    return await work({ agent, gate, ending }, { brief: settings.brief, git, conflicts, notes });
  } finally {
    notes.close();
    await agent.end();
    await putBack();
  }
}
