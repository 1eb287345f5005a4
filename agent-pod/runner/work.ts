import type { Brief } from "../contract/brief.ts";
import type { Ending } from "./ending.ts";
import { RunFailure } from "./failure.ts";
import type { Gate } from "./gate.ts";
import type { Git } from "./git.ts";
import { markedPaths } from "./merge.ts";
import type { NoteFollower } from "./notes.ts";
import type { Report } from "./report.ts";
import { mergeReports, readReport } from "./report.ts";
import type { Agent, Turn } from "./session.ts";
import type { Tested } from "./tests.ts";
import { tailOf } from "./text.ts";
import { markersPrompt, missingAnswersPrompt, notesPrompt, taskPrompt } from "./words.ts";

/** How the gate refuses a request that the budget doesn't hold; of the whole answer, agents pass on the sentence at best. */
const BUDGET = /budget_spent|budget of \d+ tokens/;

/** What the agent's work came to: what it reported, what it said last, and what ended it before its own end. */
export interface Work {
  report: Report;
  said: string;
  early: { cause: "time" | "stop" } | { cause: "budget"; why: string } | null;
  /** What the tests told, where they ran while the agent could still be asked (`verify.ts`); all is committed then. */
  tested: Tested | null;
}

/** What is needed to talk with the agent. */
interface Talk {
  agent: Agent;
  notes: NoteFollower;
  gate: Gate;
  ending: Ending;
}

/** Prompts the agent until its work is done, or the run is over. Throws `RunFailure` when the agent or the model fails. */
export async function work(
  talk: Talk,
  task: { brief: Brief; git: Git; conflicts: readonly string[] },
): Promise<Work> {
  const { brief, git, conflicts } = task;
  let done = await goOn(talk, taskPrompt(brief, conflicts), null);

  if (!done.early && (await markedPaths(git, conflicts)).length > 0) {
    done = await ask(talk, markersPrompt(await markedPaths(git, conflicts)), done);
    const marked = await markedPaths(git, conflicts);
    if (!done.early && marked.length > 0) {
      throw new RunFailure("agent", `The agent left conflict markers in ${marked.join(", ")}.`);
    }
  }

  const missing = brief.feedback.filter((item) => !done.report.answers[item.id]);
  if (!done.early && missing.length > 0) done = await ask(talk, missingAnswersPrompt(missing), done);
  return done;
}

/** One more prompt in the same session, and one for what people say meanwhile. Throws `RunFailure` as `work` does. */
export async function goOn(talk: Talk, prompt: string, before: Work | null): Promise<Work> {
  let done = await ask(talk, prompt, before);
  for (let messages = talk.notes.take(); !done.early && messages.length > 0; messages = talk.notes.take())
    done = await ask(talk, notesPrompt(messages), done);
  return done;
}

async function ask(talk: Talk, prompt: string, before: Work | null): Promise<Work> {
  const turn = await talk.agent.prompt(prompt, talk.ending.signal);
  const report = readReport(turn.said);
  const cause = talk.ending.cause();
  return {
    report: before ? mergeReports(before.report, report) : report,
    said: turn.said || (before?.said ?? ""),
    early: cause
      ? { cause }
      : turn.kind === "ended"
        ? await silentFailure(talk.gate, turn)
        : await explain(talk.gate, turn),
    tested: null,
  };
}

/** Some agents end their turn without a word when the model refuses them. */
async function silentFailure(gate: Gate, turn: Turn): Promise<Work["early"]> {
  if (turn.said !== "") return null;
  const model = await gate.model();
  return model.kind === "spent" ? { cause: "budget", why: model.say } : null;
}

/** Why the agent failed: the model's budget, the model, or the agent itself. Throws `RunFailure` for the last two. */
async function explain(gate: Gate, turn: Turn): Promise<Work["early"]> {
  const why = turn.kind === "broken" ? turn.why : "The agent ended its turn as if it had been told to.";
  const model = await gate.model();
  if (model.kind === "spent") return { cause: "budget", why: model.say };
  // There may be some left, only not enough for what it asked.
  if (BUDGET.test(why)) return { cause: "budget", why };
  if (model.kind === "unreachable") throw new RunFailure("model", model.say);
  const last = tailOf(turn.said, 500);
  throw new RunFailure("agent", last === "" ? why : `${why} It had said: ${last}`);
}
