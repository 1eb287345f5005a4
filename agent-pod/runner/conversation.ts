import { join } from "node:path";

import type { CommandEnd } from "./command.ts";
import type { Ending } from "./ending.ts";
import { RunFailure } from "./failure.ts";
import type { Gate } from "./gate.ts";
import type { Git } from "./git.ts";
import { hidePaths } from "./hide.ts";
import type { NoteFollower } from "./notes.ts";
import { followNotes } from "./notes.ts";
import { prepareAgent } from "./preset.ts";
import type { Printer } from "./printer.ts";
import type { Agent } from "./session.ts";
import { startAgent } from "./session.ts";
import type { Settings } from "./settings.ts";
import { oneLine } from "./text.ts";
import { failedTestsPrompt, taskPrompt } from "./words.ts";
import type { Work } from "./work.ts";
import { goOn, work } from "./work.ts";

/** All that a run has to hand. */
export interface Context {
  settings: Settings;
  gate: Gate;
  git: Git;
  printer: Printer;
  ending: Ending;
}

/** One session with the run's agent, which is started when it is first needed. `work` and `mend` throw `RunFailure`. */
export interface Conversation {
  /** Prompts the agent until its work is done, or the run is over. */
  work(conflicts: readonly string[]): Promise<Work>;
  /** Asks it to mend what the tests found in the work that it, or a merge without it, came to. */
  mend(before: Work, failed: CommandEnd): Promise<Work>;
  /** Ends the agent. */
  close(): Promise<void>;
}

/** A conversation that nobody has begun yet. */
export function conversation(context: Context): Conversation {
  const { settings, gate, git, printer, ending } = context;
  const { brief } = settings;
  let open: { agent: Agent; notes: NoteFollower; hidden: readonly string[] } | null = null;
  let putBack = async (): Promise<void> => {};

  const begin = async (): Promise<NonNullable<typeof open>> => {
    await throwWithoutModel(gate);
    const { command, env, hidden } = prepareAgent(settings, git.tree);
    printer.step("starting the agent");
    await hide(hidden);
    const agent = await startAgent(command, { tree: git.tree, env, printer });
    printer.step("the agent is at work");
    const notes = followNotes(gate, {
      stop: () => ending.end("stop"),
      message: ({ by, text }) => printer.step(`@${by} tells the agent: ${oneLine(text, 500)}`),
    });
    return (open = { agent, notes, hidden });
  };
  const hide = async (hidden: readonly string[]): Promise<void> => {
    putBack = await hidePaths(git, hidden, join(settings.work, "hidden"));
  };
  /** The tests are to find what the agent may not see; one that doesn't end its turn is ended first. */
  const show = async (done: Work): Promise<Work> => {
    if (!done.early) await putBack();
    return done;
  };

  return {
    work: async (conflicts) => {
      const { agent, notes } = await begin();
      return show(await work({ agent, notes, gate, ending }, { brief, git, conflicts }));
    },
    mend: async (before, failed) => {
      const asked = failedTestsPrompt(brief.test ?? "", failed);
      // A merge without conflicts needed no agent so far.
      const prompt = open ? asked : `${taskPrompt(brief, [])}\n\n${asked}`;
      if (open) await hide(open.hidden);
      const { agent, notes } = open ?? (await begin());
      return show(await goOn({ agent, notes, gate, ending }, prompt, before));
    },
    close: async () => {
      open?.notes.close();
      await open?.agent.end();
      await putBack();
    },
  };
}

/** Agents try again for minutes, in silence, when the model refuses them. Throws `RunFailure`. */
async function throwWithoutModel(gate: Gate): Promise<void> {
  const model = await gate.model();
  if (model.kind === "spent") throw new RunFailure("budget", model.say);
  if (model.kind === "unreachable") throw new RunFailure("model", model.say);
}
