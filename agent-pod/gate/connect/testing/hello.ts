/** A ClientHello in parts, each as a test wants it. */
export interface HelloParts {
  /** `[type, content]`, in order. */
  extensions: readonly (readonly [number, Buffer])[];
  session?: Buffer;
  ciphers?: Buffer;
  compression?: Buffer;
  /** Put behind the message's last field, and counted. */
  tail?: Buffer;
}

/** `bytes` behind their count, which has `size` bytes. */
export function vector(size: number, bytes: Buffer): Buffer {
  const count = Buffer.alloc(size);
  count.writeUIntBE(bytes.length, 0, size);
  return Buffer.concat([count, bytes]);
}

/** The extension that names `names`: https://www.rfc-editor.org/rfc/rfc6066#section-3 */
export function serverName(...names: string[]): readonly [number, Buffer] {
  const list = names.map((name) => Buffer.concat([Buffer.from([0]), vector(2, Buffer.from(name, "latin1"))]));
  return [0, vector(2, Buffer.concat(list))];
}

/** The handshake's message, with its head. */
export function clientHello(parts: HelloParts): Buffer {
  const {
    session = Buffer.alloc(32),
    ciphers = Buffer.from([0x13, 0x01]),
    compression = Buffer.alloc(1),
  } = parts;
  const list = parts.extensions.map(([type, content]) =>
    Buffer.concat([Buffer.from([type >> 8, type & 0xff]), vector(2, content)]),
  );
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32, 7),
    vector(1, session),
    vector(2, ciphers),
    vector(1, compression),
    vector(2, Buffer.concat(list)),
    parts.tail ?? Buffer.alloc(0),
  ]);
  return Buffer.concat([Buffer.from([1]), vector(3, body)]);
}

/** `message` in records of at most `size` bytes. */
export function inRecords(message: Buffer, size = 2 ** 14): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < message.length; at += size)
    parts.push(Buffer.from([22, 3, 1]), vector(2, message.subarray(at, at + size)));
  return Buffer.concat(parts);
}

/** The first bytes of a client that asks for `name`, and has more to say in `extensions`. */
export function firstBytes(name: string, ...extensions: (readonly [number, Buffer])[]): Buffer {
  return inRecords(clientHello({ extensions: [...extensions, serverName(name)] }));
}
