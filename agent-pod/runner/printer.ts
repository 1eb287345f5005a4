import type { LineBody } from "../contract/lines.ts";
import { LINE_BYTES, RUN_BYTES } from "../contract/lines.ts";

/** What a run prints while it works; every line gets its number here, and nowhere else. */
export interface Printer {
  step(text: string): void;
  said(text: string): void;
  tool(text: string): void;
  answer(id: string, text: string): void;
  /** What the pod reached though it mustn't. */
  walls(reached: readonly string[]): void;
}

/** Kept free of the agent's talk, so that the last steps and all answers (200 of up to 8 KiB) come through. */
const RESERVED_BYTES = 2 * 1024 * 1024;

/** A printer that hands each finished line, with its newline, to `write`, and stops at `RUN_BYTES` in all. */
export function printer(write: (line: string) => void): Printer {
  let n = 0;
  let bytes = 0;
  let muted = false;

  const print = (body: LineBody, limit: number): boolean => {
    const line = fit(body, n);
    const length = Buffer.byteLength(line) + 1;
    if (bytes + length > limit) return false;
    n += 1;
    bytes += length;
    write(`${line}\n`);
    return true;
  };
  const important = (body: LineBody): boolean => print(body, RUN_BYTES);
  const talk = (body: LineBody): void => {
    if (muted || body.kind === "answer" || body.text.trim() === "") return;
    muted = !print(body, RUN_BYTES - RESERVED_BYTES);
    if (muted)
      important({ kind: "step", text: "The log is full: what the agent says from here on isn't shown." });
  };

  return {
    step: (text) => void important({ kind: "step", text: text.slice(0, 2000) }),
    said: (text) => talk({ kind: "said", text: text.slice(0, 6000) }),
    tool: (text) => talk({ kind: "tool", text: text.slice(0, 2000) }),
    answer: (id, text) => void important({ kind: "answer", id, text: text.slice(0, 4000) }),
    walls: (reached) =>
      void important({
        kind: "walls",
        open: reached.length > 0,
        text: reached.join(", ").slice(0, 1000),
      }),
  };
}

/** The line of `body`, its text shortened until it fits `LINE_BYTES`: one character may take six bytes of JSON. */
function fit(body: LineBody, n: number): string {
  let text = body.text;
  for (;;) {
    const line = JSON.stringify({ n, ...body, text });
    if (Buffer.byteLength(line) <= LINE_BYTES) return line;
    text = `${text.slice(0, Math.floor(text.length * 0.8))}…`;
  }
}
