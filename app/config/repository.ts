import type { z } from "zod";

import { nearest } from "../words/nearest.ts";
import { Settings } from "./schema.ts";
import { readYaml } from "./yaml.ts";
import type { Problem, Yaml } from "./yaml.ts";

export type { Settings } from "./schema.ts";

/** Where a repository's settings are, on its default branch (design §7). */
export const SETTINGS_PATH = ".github/coxswain.yml";

/** So many problems are listed; the rest waits until these are mended. */
const MOST_ERRORS = 20;

/**
 * The settings in `text`, the settings file's content (null: there is none, so the defaults), or every problem in it: one
 * sentence each, which names the line and says what to do.
 */
export function parseSettings(text: string | null): { settings: Settings } | { errors: string[] } {
  const yaml = readYaml(text ?? "");
  if ("problems" in yaml) return { errors: sentences(yaml.problems) };
  const parsed = Settings.safeParse(yaml.value ?? {});
  if (parsed.success) return { settings: parsed.data };
  return { errors: sentences(parsed.error.issues.flatMap((issue) => problemsOf(issue, yaml))) };
}

function problemsOf(issue: z.core.$ZodIssue, yaml: Yaml): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, MOST_ERRORS + 1).map((key) => ({
      line: yaml.line([...issue.path, key]),
      say: unknown(key, issue.path),
    }));
  }
  const where = issue.path.length > 0 ? `\`${name(issue.path)}\`` : "the file";
  return [{ line: yaml.line(issue.path), say: `${where} must be ${issue.message}` }];
}

function unknown(key: string, path: readonly PropertyKey[]): string {
  const known = Object.keys(path[0] === "limits" ? Settings.shape.limits.unwrap().shape : Settings.shape);
  const meant = nearest(key, known);
  const hint = meant
    ? `did you mean \`${name([...path, meant])}\`?`
    : `remove it, or use one of ${known.map((each) => `\`${each}\``).join(", ")}`;
  return `\`${name([...path, shown(key)])}\` isn't a setting; ${hint}`;
}

function name(path: readonly PropertyKey[]): string {
  return path
    .map((step, at) => (typeof step === "number" ? `[${step + 1}]` : `${at ? "." : ""}${String(step)}`))
    .join("");
}

/** A key that somebody made up, short and harmless inside backticks. */
function shown(key: string): string {
  const plain = key.replaceAll(/[`\p{C}]/gu, "");
  return plain.length > 40 ? `${plain.slice(0, 40)}…` : plain;
}

function sentences(problems: Problem[]): string[] {
  const all = problems
    .sort((a, b) => a.line - b.line)
    .map(({ line, say }) => `Line ${line}: ${/[.?]$/.test(say) ? say : `${say}.`}`);
  const different = [...new Set(all)];
  if (different.length <= MOST_ERRORS) return different;
  return [
    ...different.slice(0, MOST_ERRORS),
    "There are more problems; they are told once these are mended.",
  ];
}
