/** A permission level of a repository, as GitHub tells it for a person; each includes those before it. */
type PermissionLevel = "read" | "write" | "admin";

/** What each file here tells of its command; the parser, `/agent help` and the reference page are made of it. */
export interface CommandFile<Parsed extends { kind: string }> {
  name: string;
  grammar: string;
  /** The least permission that the writer of the comment needs. */
  who: PermissionLevel;
  /** One sentence. */
  help: string;
  examples: readonly string[];
  /** The command that `args`, the words after its name, make, or what is wrong with them. */
  parse(args: string): Parsed | Wrong;
}

/** Arguments that the command can't take; `say` ends the sentence "`/agent stop now` …". */
export interface Wrong {
  kind: "wrong";
  say: string;
}

/** `parse` of a command that takes no arguments. */
export function alone<const Kind extends string>(kind: Kind) {
  return (args: string): { kind: Kind } | Wrong =>
    args === "" ? { kind } : { kind: "wrong", say: "says more than that command takes" };
}

/** The id of a task that `args` is, as the plan has it; null for anything else. Phones begin it with a capital. */
export function taskIn(args: string): string | null {
  const [, id] = /^`?([a-z\d](?:[a-z\d-]{0,98}[a-z\d])?)`?$/i.exec(args) ?? [];
  return id?.toLowerCase() ?? null;
}
