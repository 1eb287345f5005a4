import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { connect } from "node:tls";

import { assert, integer, nat, property, tuple, uint8Array } from "fast-check";
import { expect, test } from "vitest";

import { HELLO_BYTES, helloIn } from "./hello.ts";
import { clientHello, firstBytes, inRecords, serverName, vector } from "./testing/hello.ts";

const NAME = "registry.example.org";
const GOOD = clientHello({ extensions: [serverName(NAME)] });
const named = { kind: "named", name: NAME };
const none = Buffer.alloc(0);

/** The first bytes that node's own TLS sends. */
async function realHello(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect({ port: (server.address() as AddressInfo).port, ...options });
  client.on("error", () => {}); // nobody answers it
  const [socket] = (await once(server, "connection")) as [Socket];
  const [bytes] = (await once(socket, "data")) as [Buffer];
  client.destroy();
  server.close();
  return bytes;
}

test.each<[string, ConnectionOptions]>([
  ["TLS 1.3", { minVersion: "TLSv1.3" }],
  ["TLS 1.2", { maxVersion: "TLSv1.2" }],
  [
    "ALPN and keys after the quantum computer",
    { ALPNProtocols: ["h2", "http/1.1"], ecdhCurve: "X25519MLKEM768:X25519" },
  ],
])("the name in what a real client sends: %s", async (_, options) => {
  expect(helloIn(await realHello({ ...options, servername: NAME.toUpperCase() }))).toEqual(named);
});

test("a real client that names none", async () => {
  expect(helloIn(await realHello({}))).toEqual({
    kind: "refused",
    why: "its ClientHello names no server (SNI)",
  });
});

test.each<[string, Buffer]>([
  ["alone", inRecords(GOOD)],
  ["in many records", inRecords(GOOD, 4)],
  [
    "with a first record of one byte",
    Buffer.concat([inRecords(GOOD.subarray(0, 1)), inRecords(GOOD.subarray(1))]),
  ],
  [
    "with what means nothing to it",
    firstBytes(NAME, [0x0a0a, none], [0x1a1a, Buffer.alloc(1)], [0xfafa, Buffer.alloc(400)]),
  ],
  ["with data behind it", Buffer.concat([inRecords(GOOD), Buffer.from([23, 3, 3, 0, 1, 9])])],
  ["without a session", inRecords(clientHello({ extensions: [serverName(NAME)], session: none }))],
])("a ClientHello is read however it comes: %s", (_, bytes) => {
  expect(helloIn(bytes)).toEqual(named);
});

test("while some of it is missing it is unfinished, whatever is missing", () => {
  const bytes = inRecords(GOOD, 20);
  for (let size = 0; size < bytes.length; size += 1)
    expect(helloIn(bytes.subarray(0, size))).toEqual({ kind: "unfinished" });
  expect(helloIn(bytes)).toEqual(named);
});

const malformed = "its ClientHello is malformed";
const strange = "it comes in records that no client makes";
const hello = (extensions: (readonly [number, Buffer])[]): Buffer => inRecords(clientHello({ extensions }));

test.each<[string, Buffer, string]>([
  ["HTTP", Buffer.from("GET / HTTP/1.1\r\n"), "it doesn't begin with TLS"],
  ["SSH", Buffer.from("SSH-2.0-x\r\n"), "it doesn't begin with TLS"],
  ["SSL 2", Buffer.from([0x80, 0x2e, 1, 3, 1]), "it doesn't begin with TLS"],
  ["another version", Buffer.from([22, 2]), "it doesn't begin with TLS"],
  ["an alert", Buffer.from([21, 3, 1, 0, 2, 1, 0]), "it doesn't begin with TLS"],
  [
    "data between two halves",
    Buffer.concat([inRecords(GOOD.subarray(0, 9)), Buffer.from([23])]),
    "it doesn't begin with TLS",
  ],
  ["a ServerHello", Buffer.from([22, 3, 1, 0, 9, 2]), "it doesn't begin with a ClientHello"],
  ["an empty record", Buffer.from([22, 3, 1, 0, 0]), strange],
  ["a record that is too long", Buffer.from([22, 3, 1, 0x40, 1]), strange],
  ["a record for each byte", inRecords(GOOD, 1), strange],
  [
    "one without end",
    Buffer.from([22, 3, 1, 0x40, 0, 1, 1, 0, 0]),
    `its ClientHello is larger than ${HELLO_BYTES} bytes`,
  ],
  ["two in one record", inRecords(Buffer.concat([GOOD, GOOD])), malformed],
  ["no names", hello([[10, none]]), "its ClientHello names no server (SNI)"],
  [
    "a hidden name",
    firstBytes(NAME, [0xfe0d, Buffer.alloc(200)]),
    "its ClientHello hides the server's name (ECH)",
  ],
  [
    "a name hidden the old way",
    firstBytes(NAME, [0xffce, none]),
    "its ClientHello hides the server's name (ECH)",
  ],
  ["two names", hello([serverName(NAME, "evil.example")]), malformed],
  ["names twice", hello([serverName(NAME), serverName("evil.example")]), malformed],
  ["an extension twice", hello([[10, none], [10, none], serverName(NAME)]), malformed],
  ["an empty name", hello([serverName("")]), malformed],
  ["an empty list of names", hello([serverName()]), malformed],
  ["a name with a zero in it", hello([serverName(`${NAME}\0.evil.example`)]), malformed],
  ["a name in other letters", hello([serverName("r\u00e9gistry.example.org")]), malformed],
  [
    "a name of another type",
    hello([[0, vector(2, Buffer.concat([Buffer.from([1]), vector(2, Buffer.from(NAME))]))]]),
    malformed,
  ],
  ["more than the names", hello([[0, Buffer.concat([serverName(NAME)[1], Buffer.alloc(1)])]]), malformed],
  [
    "more than the extensions",
    inRecords(clientHello({ extensions: [serverName(NAME)], tail: Buffer.alloc(2) })),
    malformed,
  ],
  [
    "a session that is too long",
    inRecords(clientHello({ extensions: [serverName(NAME)], session: Buffer.alloc(33) })),
    malformed,
  ],
  [
    "half a cipher",
    inRecords(clientHello({ extensions: [serverName(NAME)], ciphers: Buffer.alloc(3) })),
    malformed,
  ],
  ["no ciphers", inRecords(clientHello({ extensions: [serverName(NAME)], ciphers: none })), malformed],
  [
    "no compression",
    inRecords(clientHello({ extensions: [serverName(NAME)], compression: none })),
    malformed,
  ],
  [
    "a body that is cut",
    inRecords(Buffer.concat([Buffer.from([1]), vector(3, GOOD.subarray(4, 60))])),
    malformed,
  ],
])("%s is refused", (_, bytes, why) => {
  expect(helloIn(bytes)).toEqual({ kind: "refused", why });
});

test("whatever comes, it is told, and as many bytes as there may be are never unfinished", () => {
  const noise = uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  assert(
    property(noise, (bytes) => {
      expect(helloIn(bytes).kind).not.toBe("named");
      expect(helloIn(inRecords(Buffer.concat([Buffer.from([1, 0, 0, 60]), bytes])))).toBeDefined();
    }),
  );
  const changed = tuple(nat({ max: GOOD.length - 1 }), integer({ min: 0, max: 255 }));
  assert(
    property(changed, ([at, value]) => {
      const bytes = Buffer.from(GOOD);
      bytes[at] = value;
      const read = helloIn(inRecords(bytes));
      // Only a change in the name itself may give another one.
      const isOther = read.kind === "named" && read.name !== NAME;
      expect(isOther && at < GOOD.indexOf(NAME)).toBe(false);
    }),
  );
  const endless = Buffer.concat([Buffer.from([22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0]), Buffer.alloc(HELLO_BYTES)]);
  expect(helloIn(endless.subarray(0, HELLO_BYTES))).toMatchObject({ kind: "refused" });
});
