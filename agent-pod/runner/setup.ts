import type { Ending } from "./ending.ts";
import { RunFailure } from "./failure.ts";
import { runShell } from "./command.ts";
import { pacedOutput } from "./paced.ts";
import type { Printer } from "./printer.ts";
import { oneLine, tailOf } from "./text.ts";

/** Runs the repository's setup commands, one after the other. Throws `RunFailure` at the first that fails or at the run's end. */
export async function setUp(
  commands: readonly string[],
  place: { tree: string; env: Record<string, string>; printer: Printer; ending: Ending },
): Promise<void> {
  for (const command of commands) {
    const { tree, env, printer, ending } = place;
    printer.step(`setup: ${oneLine(command, 200)}`);
    const output = pacedOutput(printer);
    const end = await runShell(command, { cwd: tree, env, signal: ending.signal, onOutput: output.add });
    output.end();
    ending.throwIfOver(`while \`${oneLine(command, 200)}\` ran`);
    if (end.code !== 0) {
      const how = end.code === null ? "was ended by a signal" : `failed with exit code ${end.code}`;
      throw new RunFailure(
        "setup",
        `The setup command \`${oneLine(command, 200)}\` ${how}. Its last lines:\n\n${tailOf(end.tail, 1000)}`,
      );
    }
  }
}
