import { commands } from "../commands/index.ts";

/** The answer to `/agent help`. */
export function helpWords(): string {
  const rows = commands.map((command) => `| \`${command.grammar}\` | ${command.help} |`);
  return `| command | what it does |\n| --- | --- |\n${rows.join("\n")}\n\nAt the start of a line, in a comment on the issue or its pull request, by people with write permission.`;
}

/** The answer to `/agent status` on an issue that nobody handed to the agents. */
export function idleWords(label: string): string {
  return `Nothing is going on here. The label \`${label}\` or \`/agent start\` hands this issue to the agents.`;
}

/** The answer to `/agent start` on a closed issue. */
export const closedWords = "This issue is closed. Reopen it, and I start.";

export const noChecksWords = "No check has started on this commit, so I go on without any.";

/** A mention of whoever asked for the work, before what a person has to know. */
export const mention = (login: string | null, words: string): string =>
  login ? `@${login} ${words}` : words;

export const readyWords = "This is ready for your review.";
