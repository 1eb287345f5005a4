import { setTimeout as sleep } from "node:timers/promises";

import type { Note } from "../contract/notes.ts";
import type { Gate } from "./gate.ts";

type Message = Extract<Note, { kind: "message" }>;

const RETRY_MS = 2_000;

/** What people tell the running agent. */
export interface NoteFollower {
  /** The messages that came since the last call. */
  take(): Message[];
  close(): void;
}

/** Asks the gate for notes until it is closed. A gate that doesn't answer is asked again: notes are no reason to end a run. */
export function followNotes(
  gate: Gate,
  on: { stop: () => void; message: (note: Message) => void },
): NoteFollower {
  const closing = new AbortController();
  let waiting: Message[] = [];
  const follow = async (): Promise<void> => {
    for (let after = 0; !closing.signal.aborted;) {
      const notes = await gate.notes(after, closing.signal).catch(() => null);
      if (!notes) await sleep(RETRY_MS, undefined, { signal: closing.signal }).catch(() => {});
      for (const note of notes ?? []) {
        after = Math.max(after, note.n);
        if (note.kind === "stop") on.stop();
        else {
          waiting.push(note);
          on.message(note);
        }
      }
    }
  };
  void follow();
  return {
    take: () => {
      const taken = waiting;
      waiting = [];
      return taken;
    },
    close: () => closing.abort(),
  };
}
