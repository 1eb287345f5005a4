/** Events of a stream that came together: as they came, with the blank lines that end them, and each one's JSON, or null. */
interface ServerEvents {
  raw: string;
  parsed: unknown[];
}

/** No event of a model's is as long; a stream without an end of line must not fill the memory. */
const MOST_LETTERS = 16 * 1024 * 1024;

/** Splits a stream of server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
export async function* eventsIn(body: AsyncIterable<Buffer>): AsyncGenerator<ServerEvents> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split(/(?<=\r?\n\r?\n)/);
    rest = /\r?\n\r?\n$/.test(pieces.at(-1) ?? "") ? "" : (pieces.pop() ?? "");
    if (rest.length > MOST_LETTERS) throw new Error("the model's stream has an event without an end");
    if (pieces.length > 0) yield { raw: pieces.join(""), parsed: pieces.map(parse) };
  }
  if (rest) yield { raw: rest, parsed: [parse(rest)] };
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
