import { wrongChoices } from "./choices.ts";
import type { Choices } from "./choices.ts";
import { Settings } from "./schema.ts";
import { listed, readTyped } from "./typed.ts";
import type { Problem } from "./yaml.ts";

export type { Settings } from "./schema.ts";

/** Where a repository's settings are, on its default branch (design §7). */
export const SETTINGS_PATH = ".github/coxswain.yml";

const sort = { name: "the file", most: 64 * 1024, need: "settings need two levels" };
const keys = {
  name: "a setting",
  beside: (path: readonly PropertyKey[]) =>
    Object.keys(path.length > 1 ? Settings.shape.limits.unwrap().shape : Settings.shape),
};

/**
 * The settings in `text`, the settings file's content (null: there is none, so the defaults), or every problem in it: one
 * sentence each, which names the line and says what to do. Without `choices` names aren't looked up.
 */
export function parseSettings(
  text: string | null,
  choices?: Choices,
): { settings: Settings } | { errors: string[] } {
  const read = readTyped(text ?? "", Settings, { sort, keys });
  if ("problems" in read) return { errors: sentences(read.problems) };
  const wrong = choices === undefined ? [] : wrongChoices(read.value, choices);
  if (wrong.length === 0) return { settings: read.value };
  return { errors: sentences(listed(wrong.map(({ key, say }) => ({ line: read.line([key]), say })))) };
}

const sentences = (problems: Problem[]): string[] =>
  problems.map(({ line, say }) => (line === null ? say : `Line ${line}: ${say}`));
