import { expect, test } from "vitest";

import { eventsIn } from "./events.ts";

async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const stream = [
  'event: a\ndata: {"n":1}\n\n',
  ": a comment\n\n",
  'data: {"text":"größer 🙂"}\r\n\r\n',
  'data: {"two":\ndata: "lines"}\n\n',
  "data: [DONE]\n\n",
];

test.each([1, 2, 3, 7, 1_000])(
  "events are whole again when they come in pieces of %i bytes",
  async (size) => {
    const events = await Array.fromAsync(eventsIn(inPieces(stream.join(""), size)));
    expect(events.map(({ raw }) => raw).join("")).toBe(stream.join(""));
    expect(events.flatMap(({ parsed }) => parsed).filter(Boolean)).toEqual([
      { n: 1 },
      { text: "größer 🙂" },
      { two: "lines" },
    ]);
  },
);

test("events that come together go on together, and at once", async () => {
  const coming = eventsIn(inPieces("data: 1\n\ndata: 2\n\ndata: 3", 21));
  expect((await coming.next()).value).toEqual({ raw: "data: 1\n\ndata: 2\n\n", parsed: [1, 2] });
});

test("what stands after the last blank line is an event, too", async () => {
  const events = await Array.fromAsync(eventsIn(inPieces('data: {"n":1}', 4)));
  expect(events).toEqual([{ raw: 'data: {"n":1}', parsed: [{ n: 1 }] }]);
});
