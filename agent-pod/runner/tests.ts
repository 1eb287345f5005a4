import type { Brief } from "../contract/brief.ts";
import type { CommandEnd } from "./command.ts";
import { runShell } from "./command.ts";
import type { Ending } from "./ending.ts";
import type { Git } from "./git.ts";
import { pacedOutput } from "./paced.ts";
import type { Printer } from "./printer.ts";
import { oneLine } from "./text.ts";
import { testedWords } from "./words.ts";

/** Where a run's work is tested, committed and pushed from. */
export interface Place {
  brief: Brief;
  git: Git;
  env: Record<string, string>;
  printer: Printer;
  ending: Ending;
}

/** What one run of the repository's tests told. */
export interface Tested {
  command: string;
  end: CommandEnd;
  /** It ended by itself, and not well. */
  failed: boolean;
  /** The same as a sentence. */
  words: string;
}

/** Runs the repository's test command; null where it names none, or no time is left. */
export async function runTests({ brief, git, env, printer, ending }: Place): Promise<Tested | null> {
  const command = brief.test;
  if (command === null || ending.left() === 0) return null;
  printer.step(`test: ${oneLine(command, 200)}`);
  const output = pacedOutput(printer);
  const end = await runShell(command, { cwd: git.tree, env, signal: ending.signal, onOutput: output.add });
  output.end();
  const words = testedWords(command, end);
  printer.step(words);
  return { command, end, failed: !end.stopped && end.code !== 0, words };
}
