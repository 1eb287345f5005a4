import { z } from "zod";

/** One thing that the scripted agent does; `agent.ts` says how. Paths are within the work tree, or absolute. */
export const Step = z.union([
  z.strictObject({ write: z.string(), text: z.string() }),
  z.strictObject({ remove: z.string() }),
  /** Runs in bash in the work tree; what it prints is said, with its exit code. */
  z.strictObject({ shell: z.string() }),
  z.strictObject({ commit: z.string() }),
  z.strictObject({ say: z.string() }),
  /** Says a message that ends with the JSON block that the prompt asks for. */
  z.strictObject({ report: z.record(z.string(), z.unknown()) }),
  z.strictObject({ waitMs: z.number() }),
  z.strictObject({ waitForFile: z.string() }),
  /** Never goes on, and doesn't listen to a cancellation. */
  z.strictObject({ hang: z.literal(true) }),
  /** Ends the process with this code, after these words on stderr. */
  z.strictObject({ exit: z.number(), stderr: z.string() }),
  z.strictObject({ crash: z.literal(true) }),
  z.strictObject({ floodBytes: z.number() }),
  z.strictObject({ floodStderrBytes: z.number() }),
  /** Raw text on stdout, where only ACP belongs. */
  z.strictObject({ noise: z.string() }),
  /** Asks for leave, and says which option was chosen. */
  z.strictObject({ permission: z.string() }),
  /** Pushes by plain git with the key it has, and says what git said. */
  z.strictObject({ push: z.string(), force: z.boolean() }),
  z.strictObject({ refuse: z.literal(true) }),
  z.strictObject({ error: z.string() }),
  /** Asks the model this, and says its answer. */
  z.strictObject({ askModel: z.string() }),
  /** Writes what it was prompted with to a file. */
  z.strictObject({ savePrompt: z.string() }),
]);
export type Step = z.infer<typeof Step>;

/** What it does on the first prompt, on the second, and so on; on later ones nothing. */
export const Script = z.strictObject({ turns: z.array(z.array(Step)) });
export type Script = z.infer<typeof Script>;

/** The message that ends with `report` as the runner reads it. */
export function reportMessage(report: Record<string, unknown>): string {
  return `I have finished.\n\n\`\`\`json\n${JSON.stringify(report, null, 2)}\n\`\`\``;
}
