import { posix } from "node:path";

import { z } from "zod";

import type { Tree } from "./tree.ts";

/** How often the model may look at the repository, and how much it may see of it in all. */
export const MOST_CALLS = 30;
const MOST_CHARACTERS = 120_000;
const RESULT_CHARACTERS = 12_000;
const MOST_FILES = 400;
const MOST_HITS = 100;
const LINE_CHARACTERS = 300;
const DEFAULT_LINES = 250;

/** A path in the repository as models write it (`./src/`, `/src`), made one that git knows; "" is the root. */
const Path = z
  .string()
  .max(1000)
  .transform((path) => posix.normalize(`/${path}`).replace(/^\/|\/$/g, ""))
  .refine((path) => !path.includes("\0") && path !== ".git", "isn't a path in the repository");

const inputs = {
  list: z.strictObject({ path: Path.prefault("").describe("a folder; the whole repository if left out") }),
  search: z.strictObject({
    text: z
      .string()
      .min(2)
      .max(200)
      .regex(/^[^\n\0]*$/)
      .describe("the text to find, in any case; no pattern"),
    path: Path.prefault("").describe("a file or folder to search in"),
  }),
  read: z.strictObject({
    path: Path.describe("a file"),
    from: z.int().positive().default(1).describe("the first line"),
    lines: z.int().positive().max(1000).default(DEFAULT_LINES).describe("how many lines"),
  }),
};

const descriptions: Record<keyof typeof inputs, string> = {
  list: "Lists the files in a folder of the repository, and in the folders below it.",
  search: "Finds the lines of the repository that contain a text.",
  read: "Reads lines of one file.",
};

/** The tools that look at the repository, as a chat completion takes them. */
export const tools = Object.entries(inputs).map(([name, input]) => ({
  type: "function" as const,
  function: {
    name,
    description: descriptions[name as keyof typeof inputs],
    parameters: z.toJSONSchema(input, { io: "input" }),
  },
}));

/** A look at the repository: what a tool call gets for an answer, be it a complaint. */
export interface Eyes {
  /** Calls that are left. */
  left(): number;
  call(name: string, args: string): Promise<string>;
}

/** `tree` through the tools, within their limits. */
export function eyesOn(tree: Tree): Eyes {
  let calls = 0;
  let characters = 0;
  return {
    left: () => (characters < MOST_CHARACTERS ? MOST_CALLS - calls : 0),
    call: async (name, args) => {
      calls++;
      const result = clipped(await use(tree, name, args));
      characters += result.length;
      return result;
    },
  };
}

async function use(tree: Tree, name: string, args: string): Promise<string> {
  switch (name) {
    case "list": {
      const input = parse(inputs.list, args);
      return typeof input === "string" ? input : list(tree, input.path);
    }
    case "search": {
      const input = parse(inputs.search, args);
      return typeof input === "string" ? input : search(tree, input);
    }
    case "read": {
      const input = parse(inputs.read, args);
      return typeof input === "string" ? input : read(tree, input);
    }
    default:
      return `There is no tool of that name. There are ${Object.keys(inputs).join(", ")} and answer.`;
  }
}

/** The arguments, or what is wrong with them, in a sentence. */
function parse<Input extends z.ZodType>(input: Input, args: string): z.output<Input> | string {
  try {
    const parsed = input.safeParse(JSON.parse(args || "{}"));
    return parsed.success ? parsed.data : `The arguments are wrong: ${z.prettifyError(parsed.error)}`;
  } catch {
    return "The arguments aren't JSON.";
  }
}

async function list(tree: Tree, path: string): Promise<string> {
  const files = await tree.files(path);
  if (files.length === 0) return `There is nothing at ${JSON.stringify(path)}.`;
  const more = files.length - MOST_FILES;
  return (
    files.slice(0, MOST_FILES).join("\n") + (more > 0 ? `\n[and ${more} more files: list one folder]` : "")
  );
}

async function search(tree: Tree, { text, path }: { text: string; path: string }): Promise<string> {
  const hits = await tree.search(text, path);
  if (hits.length === 0) return "No line contains that.";
  const more = hits.length > MOST_HITS ? "\n[and more: search in a folder, or for a longer text]" : "";
  return (
    hits
      .slice(0, MOST_HITS)
      .map((hit) => hit.slice(0, LINE_CHARACTERS))
      .join("\n") + more
  );
}

async function read(
  tree: Tree,
  { path, from, lines }: { path: string; from: number; lines: number },
): Promise<string> {
  const file = await tree.read(path);
  if (!file) return `There is no file at ${JSON.stringify(path)}.`;
  if (file.kind === "not text") return `That is ${file.say}.`;
  const all = file.text.split("\n");
  const more = all.length - (from - 1 + lines);
  const shown = all.slice(from - 1, from - 1 + lines).join("\n");
  return shown + (more > 0 ? `\n[and ${more} more lines]` : "");
}

function clipped(text: string): string {
  const whole = text.toWellFormed();
  return whole.length <= RESULT_CHARACTERS
    ? whole
    : `${whole.slice(0, RESULT_CHARACTERS)}\n[cut here: ask for less]`;
}
