/** What the first bytes of a connection are. */
export type Hello =
  | { kind: "unfinished" }
  /** A whole ClientHello that asks for the server `name`, in small letters. */
  | { kind: "named"; name: string }
  | { kind: "refused"; why: string };

/** As many bytes as a client may send before its ClientHello is whole; with post-quantum keys it has about 2,000. */
export const HELLO_BYTES = 16 * 1024;
const TOO_LARGE = `its ClientHello is larger than ${HELLO_BYTES} bytes`;
const MOST_RECORDS = 32;

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const HOST_NAME = 0;
/** https://www.rfc-editor.org/rfc/rfc9849 and what came before it: the real name is inside, and encrypted. */
const HIDES_THE_NAME = new Set([0xfe0d, 0xffce]);

/** What is wrong, where that can be said; else it is a `RangeError`. */
class NotHello extends Error {}

/**
 * Reads the server's name from the first bytes that a client sent: https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2 in
 * records of https://www.rfc-editor.org/rfc/rfc8446#section-5.1. Every length must be exact; what it doesn't know it passes over.
 */
export function helloIn(bytes: Buffer): Hello {
  try {
    const message = messageIn(bytes);
    if (message) return { kind: "named", name: nameOf(message) };
    return bytes.length < HELLO_BYTES ? { kind: "unfinished" } : { kind: "refused", why: TOO_LARGE };
  } catch (error) {
    if (error instanceof NotHello) return { kind: "refused", why: error.message };
    if (error instanceof RangeError) return { kind: "refused", why: "its ClientHello is malformed" };
    throw error;
  }
}

/** The ClientHello out of the records that it came in, or null while some of it is missing. */
function messageIn(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  let got = 0;
  for (let at = 0; ;) {
    const record = recordAt(bytes, at);
    if (!record) return null;
    parts.push(record.part);
    if (parts.length > MOST_RECORDS) throw new NotHello("it comes in records that no client makes");
    got += record.part.length;
    const whole = wholeLength(Buffer.concat(parts.slice(0, 4), Math.min(4, got)));
    // What follows must be under the next keys: the message ends where a record does.
    if (got > whole) throw new RangeError();
    if (record.part.length < record.length) return null;
    if (got === whole) return Buffer.concat(parts).subarray(4);
    at += 5 + record.length;
  }
}

/** The record at `at`, as far as it is there, or null while its head isn't. */
function recordAt(bytes: Buffer, at: number): { part: Buffer; length: number } | null {
  const head = bytes.subarray(at, at + 5);
  if ((head[0] ?? HANDSHAKE) !== HANDSHAKE || (head[1] ?? 3) !== 3)
    throw new NotHello("it doesn't begin with TLS");
  if (head.length < 5) return null;
  const length = head.readUInt16BE(3);
  if (length === 0 || length > 2 ** 14) throw new NotHello("it comes in records that no client makes");
  return { part: bytes.subarray(at + 5, at + 5 + length), length };
}

/** The length of the handshake's message that begins with `head`, which is counted; infinite while that isn't all there. */
function wholeLength(head: Buffer): number {
  if ((head[0] ?? CLIENT_HELLO) !== CLIENT_HELLO) throw new NotHello("it doesn't begin with a ClientHello");
  if (head.length < 4) return Infinity;
  const length = 4 + head.readUIntBE(1, 3);
  if (length > HELLO_BYTES) throw new NotHello(TOO_LARGE);
  return length;
}

function nameOf(message: Buffer): string {
  const hello = reader(message);
  hello.take(2 + 32); // version, random
  if (hello.vector(1).length > 32) throw new RangeError(); // session id
  const ciphers = hello.vector(2).length;
  if (ciphers === 0 || ciphers % 2 !== 0 || hello.vector(1).length === 0) throw new RangeError(); // and compression
  const extensions = extensionsIn(hello);
  if ([...extensions.keys()].some((type) => HIDES_THE_NAME.has(type)))
    throw new NotHello("its ClientHello hides the server's name (ECH)");
  const names = extensions.get(SERVER_NAME);
  if (!names) throw new NotHello("its ClientHello names no server (SNI)");
  return onlyName(names);
}

/** By type; the same one twice is refused, because of two names each side might take another one. */
function extensionsIn(hello: Reader): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  if (hello.isEmpty()) return found;
  const list = reader(hello.vector(2));
  if (!hello.isEmpty()) throw new RangeError();
  while (!list.isEmpty()) {
    const type = list.take(2).readUInt16BE();
    if (found.has(type)) throw new RangeError();
    found.set(type, list.vector(2));
  }
  return found;
}

/** https://www.rfc-editor.org/rfc/rfc6066#section-3 */
function onlyName(names: Buffer): string {
  const outer = reader(names);
  const list = reader(outer.vector(2));
  const type = list.take(1)[0];
  const name = list.vector(2).toString("latin1").toLowerCase();
  if (type !== HOST_NAME || !list.isEmpty() || !outer.isEmpty() || !/^[a-z0-9._-]{1,253}$/.test(name))
    throw new RangeError();
  return name;
}

/** Reads bytes in order; throws a `RangeError` where there are too few. */
interface Reader {
  take(count: number): Buffer;
  /** Bytes after their count, which has `size` bytes. */
  vector(size: number): Buffer;
  isEmpty(): boolean;
}

function reader(bytes: Buffer): Reader {
  let at = 0;
  const take = (count: number): Buffer => {
    if (at + count > bytes.length) throw new RangeError();
    return bytes.subarray(at, (at += count));
  };
  return { take, vector: (size) => take(take(size).readUIntBE(0, size)), isEmpty: () => at === bytes.length };
}
