import type { z } from "zod";

import { nearest } from "../words/nearest.ts";
import { readYaml } from "./yaml.ts";
import type { Problem, Sort, Yaml } from "./yaml.ts";

/** What a schema's keys are called, and which there are beside the key at `path`. */
export interface Keys {
  name: string;
  beside(path: readonly PropertyKey[]): string[];
}

/** So many problems are listed; the rest waits until these are mended. */
const MOST_PROBLEMS = 20;

/**
 * The YAML in `text` as `schema` has it, or every problem in it. Each message of the schema is what the value must be, as
 * in "`setup` must be …".
 */
export function readTyped<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  { sort, keys }: { sort: Sort; keys: Keys },
): { value: z.output<Schema>; line: Yaml["line"] } | { problems: Problem[] } {
  const yaml = readYaml(text, sort);
  if ("problems" in yaml) return { problems: listed(yaml.problems) };
  const parsed = schema.safeParse(yaml.value ?? {});
  if (parsed.success) return { value: parsed.data, line: yaml.line };
  const problems = parsed.error.issues.flatMap((issue): Problem[] => {
    if (issue.code !== "unrecognized_keys") {
      const where = issue.path.length > 0 ? `\`${name(issue.path)}\`` : sort.name;
      return [{ line: yaml.line(issue.path), say: `${where} must be ${issue.message}` }];
    }
    return issue.keys.slice(0, MOST_PROBLEMS + 1).map((key) => {
      const path = [...issue.path, key];
      return { line: yaml.line(path), say: unknown(path, keys) };
    });
  });
  return { problems: listed(problems) };
}

/** The problems as people read them: whole sentences, by line, each once, and not too many. */
export function listed(problems: Problem[]): Problem[] {
  const different = new Map<string, Problem>();
  for (const { line, say } of problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)))
    different.set(`${line} ${say}`, { line, say: /[.?]$/.test(say) ? say : `${say}.` });
  const all = [...different.values()];
  if (all.length <= MOST_PROBLEMS) return all;
  const more = { line: null, say: "There are more problems; they are told once these are mended." };
  return [...all.slice(0, MOST_PROBLEMS), more];
}

/** A name that somebody made up, short and harmless inside backticks. */
export function shown(word: string): string {
  const plain = word.slice(0, 1000).replaceAll(/[`\p{C}\p{DI}\p{Zl}\p{Zp}]/gu, "");
  return plain.length > 40 || plain.trim() === "" ? `${plain.trim().slice(0, 40).toWellFormed()}…` : plain;
}

function unknown(path: readonly PropertyKey[], keys: Keys): string {
  const key = String(path.at(-1));
  const known = keys.beside(path);
  const meant = nearest(key, known);
  const hint = meant
    ? `did you mean \`${name([...path.slice(0, -1), meant])}\`?`
    : `remove it, or use one of ${known.map((each) => `\`${each}\``).join(", ")}`;
  return `\`${name([...path.slice(0, -1), shown(key)])}\` isn't ${keys.name}; ${hint}`;
}

function name(path: readonly PropertyKey[]): string {
  return path
    .map((step, at) => (typeof step === "number" ? `[${step + 1}]` : `${at ? "." : ""}${String(step)}`))
    .join("");
}
