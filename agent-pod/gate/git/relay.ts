import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { connect, isIP } from "node:net";
import type { OnReadOpts, Socket } from "node:net";
import { connect as connectTls } from "node:tls";

import { send } from "../outgoing.ts";

const BUFFER_BYTES = 256 * 1024;
/** Node's own limit is 16 kB; what has none by here never will. */
const MOST_HEAD_BYTES = 64 * 1024;
const HEAD_END = "\r\n\r\n";
const LAST_CHUNK = "0\r\n\r\n";

/** Takes bytes that are gone when it returns; false: no more until `resume`. */
type Sink = (bytes: Buffer) => boolean;

/**
 * Sends a request whose answer's head is read by node, and whose body goes to the sink that `begin` returns for that head, as
 * it is on the wire; with null the connection is cut. Every read is into one and the same buffer: node's parser takes a new one
 * of 64 kB for each, which costs a clone three times as much of the processor.
 */
export function sendRaw(
  url: string,
  options: { method: string; headers: Record<string, string>; signal: AbortSignal },
  begin: (answer: IncomingMessage, upstream: Socket) => Sink | null,
): ClientRequest {
  let upstream: Socket;
  /** What was read of it; null: it is known. */
  let head: Buffer | null = Buffer.alloc(0);
  let sink: Sink | null = null;
  const take = (bytes: Buffer): boolean => sink?.(bytes) ?? true;
  const isKnown = (): boolean => head === null;
  const readHead = (read: Buffer): boolean => {
    let rest = read;
    // There may be several: those with a status of 1xx come before the answer's.
    for (let end = rest.indexOf(HEAD_END); !isKnown() && end >= 0; end = rest.indexOf(HEAD_END)) {
      const next = rest.subarray(end + HEAD_END.length);
      upstream.emit("data", rest.subarray(0, end + HEAD_END.length));
      rest = next;
    }
    if (isKnown()) return rest.length === 0 || take(rest);
    head = rest;
    if (rest.length > MOST_HEAD_BYTES) upstream.destroy(new Error("the head of its answer is too long"));
    return true;
  };
  const callback = (length: number, { buffer, byteOffset }: Uint8Array): boolean => {
    const bytes = Buffer.from(buffer, byteOffset, length);
    return head ? readHead(Buffer.concat([head, bytes])) : take(bytes);
  };
  const onread = { buffer: Buffer.allocUnsafeSlow(BUFFER_BYTES), callback };
  const createConnection = (): Socket => (upstream = connectTo(url, onread));
  const request = send(url, { ...options, createConnection });
  request.once("response", (answer) => {
    head = null;
    // It isn't read here: whoever relays it sees that it ends too early.
    answer.on("error", () => {});
    sink = begin(answer, upstream);
    if (!sink) upstream.destroy();
  });
  return request;
}

function connectTo(url: string, onread: OnReadOpts): Socket {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (protocol !== "https:") return connect({ host, port: Number(port || 80), onread });
  // An address is no server's name: https://www.rfc-editor.org/rfc/rfc6066#section-3
  const servername = isIP(host) ? "" : host;
  const options = { host, port: Number(port || 443), servername, ALPNProtocols: ["http/1.1"], onread };
  return connectTls(options);
}

/**
 * Answers `response` with `headers` and with the body of `answer`, as it comes from `upstream` and framed as it is there; both
 * connections end with it. `done` hears of its bytes, or of what broke it off. Returns the sink; null where an answer doesn't
 * say how long it is.
 */
export function relay(
  { answer, upstream }: { answer: IncomingMessage; upstream: Socket },
  { response, headers }: { response: ServerResponse; headers: Record<string, string> },
  done: (bytes: number | Error) => void,
): Sink | null {
  const { "content-length": length, "transfer-encoding": encoding } = answer.headers;
  const client = response.socket;
  if (!client || (length === undefined && encoding !== "chunked")) return null;
  let bytes = 0;
  let tail = Buffer.alloc(0);
  let waits = false;
  const isWhole = (): boolean =>
    length === undefined ? tail.toString("latin1") === LAST_CHUNK : bytes === Number(length);
  const framing = length === undefined ? { "transfer-encoding": "chunked" } : { "content-length": length };
  response.writeHead(200, { ...headers, ...framing, connection: "close" });
  response.flushHeaders();
  upstream.once("end", () => client.destroySoon());
  upstream.once("close", () => (isWhole() ? client.destroySoon() : client.destroy()));
  client.once("close", () => {
    upstream.destroy();
    done(isWhole() ? bytes : new Error("the answer broke off"));
  });
  const written = (): void => {
    if (!waits || client.writableLength > 0) return;
    waits = false;
    upstream.resume();
  };
  return (some) => {
    bytes += some.length;
    tail = Buffer.concat([tail, some.subarray(-LAST_CHUNK.length)]).subarray(-LAST_CHUNK.length);
    client.write(some, written);
    waits = client.writableLength > 0;
    return !waits;
  };
}
