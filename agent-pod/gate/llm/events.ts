/** An event of a stream: as it came, with the blank line that ends it, and its JSON, or null if it has none. */
interface ServerEvent {
  raw: string;
  parsed: unknown;
}

/** No event of a model's is as long; a stream without an end of line must not fill the memory. */
const MOST_LETTERS = 16 * 1024 * 1024;

/** Splits a stream of server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
export async function* eventsIn(body: AsyncIterable<Buffer>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split(/(?<=\r?\n\r?\n)/);
    rest = pieces.pop() ?? "";
    if (rest.length > MOST_LETTERS) throw new Error("the model's stream has an event without an end");
    for (const raw of pieces) yield { raw, parsed: parse(raw) };
    if (/\r?\n\r?\n$/.test(rest)) {
      yield { raw: rest, parsed: parse(rest) };
      rest = "";
    }
  }
  if (rest) yield { raw: rest, parsed: parse(rest) };
}

function parse(raw: string): unknown {
  const data = raw
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith("data:") ? [line.slice(5)] : []))
    .join("\n");
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
