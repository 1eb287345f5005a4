import type { Said, View } from "./view.ts";

/** What the app says. Every new comment of it must be asserted, in its order; the status comment is exempt. */
export interface Bot {
  /** The next comment that wasn't asserted yet holds these words. Fails if there is none, or another. */
  says(words: string | RegExp, where?: { on: number }): void;
  /** What the status comment of the issue shows now; fails if there is none. */
  status(): string;
  /** Comments that nobody has asserted yet. */
  unread(): Said[];
  /** To be told of each view of GitHub. */
  hears(seen: View): void;
}

/** The bot called `login`, as heard on issue `issue`. */
export function openBot(login: string, issue: number): Bot {
  const known = new Set<number>();
  const unread: Said[] = [];
  let status: string | null = null;
  return {
    hears({ said }) {
      const ours = said.filter(({ by }) => by === login);
      // Of two the older counts.
      status = ours.find((each) => each.marker === "status" && each.on === issue)?.text ?? null;
      for (const each of ours) if (!known.has(each.id) && each.marker !== "status") unread.push(each);
      for (const each of ours) known.add(each.id);
    },
    says(words, where) {
      const next = unread.shift();
      if (!next) throw new Error(`The bot said nothing more; expected ${String(words)}.`);
      const right = typeof words === "string" ? next.text.includes(words) : words.test(next.text);
      if (!right || (where && where.on !== next.on))
        throw new Error(
          `On #${where?.on ?? "any"} ${String(words)} was expected. On #${next.on} the bot said:\n${next.text}`,
        );
    },
    status() {
      if (status === null) throw new Error(`Issue #${issue} has no status comment.`);
      return status;
    },
    unread: () => unread,
  };
}
