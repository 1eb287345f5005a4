import type { SeenLine } from "./cluster.ts";

/** Takes whole lines out of chunks, which may end within one, or within a character; of a line's beginning `most` bytes are kept. */
export function lineSplitter(most: number): (chunk: Buffer) => string[] {
  let rest = "";
  return (chunk) => {
    // Bytes as characters, until a line is whole.
    const texts = (rest + chunk.toString("latin1")).split("\n");
    rest = (texts.pop() ?? "").slice(0, most);
    return texts.map((text) => Buffer.from(text, "latin1").toString("utf8"));
  };
}

/** The last answer to each item of feedback. */
export function answersAmong(lines: SeenLine[]): Record<string, string> {
  const answers = lines.filter((line) => line.kind === "answer");
  return Object.fromEntries(answers.map((line) => [line.id, line.text]));
}
