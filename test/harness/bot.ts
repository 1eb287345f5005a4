import type { Said, View } from "./view.ts";

/** Where something is said: on an issue or pull request; in reply to the comment that holds these words. */
interface Place {
  on?: number;
  to?: string;
}

/** What the app says. Every new comment of it must be asserted, in its order; the status comment is exempt. */
export interface Bot {
  /** The next comment that wasn't asserted yet holds these words. Fails if there is none, or another. */
  says(words: string | RegExp, where?: Place): void;
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
  let all: Said[] = [];
  return {
    hears({ said }) {
      all = said;
      const ours = said.filter(({ by }) => by === login);
      // Of two the older counts.
      status = ours.find((each) => each.marker === "status" && each.on === issue)?.text ?? null;
      for (const each of ours) if (!known.has(each.id) && each.marker !== "status") unread.push(each);
      for (const each of ours) known.add(each.id);
    },
    says(words, { on, to } = {}) {
      const next = unread.shift();
      if (!next) throw new Error(`The bot said nothing more; expected ${String(words)}.`);
      const right = typeof words === "string" ? next.text.includes(words) : words.test(next.text);
      const answered = all.find(({ id }) => id === next.to)?.text ?? "";
      if (right && (on ?? next.on) === next.on && answered.includes(to ?? "")) return;
      const asked = `${String(words)}${on ? ` on #${on}` : ""}${to ? ` in reply to "${to}"` : ""}`;
      throw new Error(
        `The bot should have said ${asked}. On #${next.on}, in reply to "${answered}", it said:\n${next.text}`,
      );
    },
    status() {
      if (status === null) throw new Error(`Issue #${issue} has no status comment.`);
      return status;
    },
    unread: () => unread,
  };
}
