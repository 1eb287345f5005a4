import { nearest } from "../words/nearest.ts";
import type { Wrong } from "./command.ts";
import { commands } from "./index.ts";
import { saidLines } from "./lines.ts";

type Known = Exclude<ReturnType<(typeof commands)[number]["parse"]>, Wrong>;

/** A line that begins like a command and is none. */
interface Unknown {
  kind: "unknown";
  /** The line, shortened. */
  text: string;
  /** What to say to its writer: one sentence. */
  say: string;
  /** The command that was probably meant, as one would type it. */
  nearest: string | null;
}

/** What a line of a comment asks for. */
export type Command = Known | Unknown;

/** So many commands of one comment are taken: more is a mistake, or an attack. */
const MOST = 10;

/**
 * The commands in a comment, in their order: lines that begin with `/agent`, outside code, quotes and HTML comments
 * (design §8). A line that only looks so, as `/agentx` or with a letter of another alphabet, is none.
 */
export function parseCommands(comment: string): Command[] {
  const taken: Command[] = [];
  for (const line of saidLines(comment)) {
    const words = /^ {0,3}\/agent(?:\s+(.*))?$/is.exec(line);
    if (!words) continue;
    const text = shown(line);
    if (taken.length === MOST) {
      const say = `Only the first ${MOST} commands of a comment are taken; write \`${text}\` in a new one.`;
      return [...taken, { kind: "unknown", text, say, nearest: text }];
    }
    taken.push(parseCommand((words[1] ?? "").trim(), text));
  }
  return taken;
}

function parseCommand(words: string, text: string): Command {
  const [verb, args] = /^(\S*)\s*(.*)$/s.exec(words)!.slice(1, 3) as [string, string];
  const command = commands.find(({ name }) => name === verb.toLowerCase());
  if (!command) {
    const name = nearest(
      verb,
      commands.map(({ name }) => name),
    );
    const meant = name ? `/agent ${name}` : null;
    const hint = meant ? `did you mean \`${meant}\`?` : "`/agent help` lists the commands.";
    return { kind: "unknown", text, say: `\`${text}\` isn't a command; ${hint}`, nearest: meant };
  }
  const parsed = command.parse(args);
  if (parsed.kind !== "wrong") return parsed;
  const { grammar } = command;
  return {
    kind: "unknown",
    text,
    say: `\`${text}\` ${parsed.say}; did you mean \`${grammar}\`?`,
    nearest: grammar,
  };
}

/** A line as it can be repeated inside backticks. */
function shown(line: string): string {
  const plain = line
    .replaceAll(/[`\p{C}]/gu, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain;
}
