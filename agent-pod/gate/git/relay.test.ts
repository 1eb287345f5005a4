import { createHash, randomBytes } from "node:crypto";
import { createServer, request } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createRawServer } from "node:net";
import type { AddressInfo, Server as RawServer, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { afterEach, expect, test } from "vitest";

import { relay, sendRaw } from "./relay.ts";

/** For localhost, until 2126, made for this test with `openssl req -x509 -newkey ec`: node makes no certificates. */
const TLS = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxpLjSIkUXIDCENSK
ptSUtFOoRIm1HPPTUg+dII7KdsehRANCAATuNNpl4r7YRgjODKiU6ws3xIe/OwUA
5h0hKsmfeMS9I5rMpyGojKE6uw1wsyF9quDi/UN2ynQ1w2kV++WEMeHh
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUQcGW4iT6rr4i4UepiC05HaYLv1YwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE5MTYyNloYDzIxMjYxMDI4
MTkxNjI2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATuNNpl4r7YRgjODKiU6ws3xIe/OwUA5h0hKsmfeMS9I5rMpyGojKE6
uw1wsyF9quDi/UN2ynQ1w2kV++WEMeHho2kwZzAdBgNVHQ4EFgQUYPx3W+aiGRKV
v45o4OjmVVJ6oq4wHwYDVR0jBBgwFoAUYPx3W+aiGRKVv45o4OjmVVJ6oq4wDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
RwAwRAIgKV0ax5IQFGOV5GhyIXjrh9lZmj8sfFfwUMIDPPTOUskCIBQSxOkivroc
sCdrbDxQfWi7FcB4rZ23YbksDL54mnUX
-----END CERTIFICATE-----`,
};

const servers: (Server | RawServer)[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(server: Server | RawServer): Promise<number> {
  servers.push(server);
  server.on("connection", (socket: Socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** How a request to a relay before `upstream` ended, for the relay. */
interface Relayed {
  port: number;
  ended: Promise<number | Error>;
}

async function relayTo(url: string): Promise<Relayed> {
  const { promise, resolve } = Promise.withResolvers<number | Error>();
  const port = await listen(
    createServer((asked, response) => {
      const options = { method: "GET", headers: {}, signal: new AbortController().signal };
      const asking = sendRaw(url, options, (answer, upstream) => {
        const headers = { "content-type": "text/x" };
        const sink = relay({ answer, upstream }, { response, headers }, resolve);
        if (!sink) resolve(new Error("no sink"));
        return sink;
      });
      asking.on("error", resolve);
      asking.end();
      asked.resume();
    }),
  );
  return { port, ended: promise };
}

/** An upstream that sends these pieces as they are, apart in time, and closes. */
async function sends(...pieces: (string | Buffer)[]): Promise<string> {
  const server = createRawServer((socket) => {
    socket.on("error", () => {});
    socket.once(
      "data",
      () =>
        void (async () => {
          for (const piece of pieces) {
            socket.write(piece);
            await sleep(20);
          }
          socket.end();
        })(),
    );
  });
  return `http://127.0.0.1:${await listen(server)}/`;
}

const ask = (port: number): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request({ port, host: "127.0.0.1" }, resolve).on("error", reject).end();
  });

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) text += chunk as string;
  return text;
}

test.each([
  ["in one piece", ["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"]],
  ["cut within its head", ["HTTP/1.1 200 OK\r\ncontent-le", "ngth: 5\r\n\r", "\nhel", "lo"]],
  [
    "after others of 1xx",
    ["HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"],
  ],
  [
    "in chunks",
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nl", "lo\r\n0\r\n\r\n"],
  ],
  [
    "in chunks that look like the last",
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel0\n\r\n", "0\r\n\r", "\n"],
  ],
])("an answer %s", async (how, pieces) => {
  const { port, ended } = await relayTo(await sends(...pieces));
  const answer = await ask(port);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers["content-type"]).toBe("text/x");
  expect(answer.headers["link"]).toBeUndefined();
  expect(await textOf(answer)).toBe(how.includes("look like") ? "hel0\n" : "hello");
  expect(await ended).toBeGreaterThan(4);
});

test.each([
  ["by length", ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello"]],
  ["by chunks", ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n"]],
])("an answer that breaks off, %s, breaks off", async (_, pieces) => {
  const { port, ended } = await relayTo(await sends(...pieces));
  await expect(textOf(await ask(port))).rejects.toThrow("aborted");
  expect(await ended).toEqual(new Error("the answer broke off"));
});

test("an answer that doesn't say how long it is isn't passed on, nor one whose head has no end", async () => {
  const open = await relayTo(await sends("HTTP/1.1 200 OK\r\n\r\nhello"));
  void ask(open.port).catch(() => {});
  expect(await open.ended).toEqual(new Error("no sink"));
  const endless = await relayTo(await sends(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(70_000)}`));
  void ask(endless.port).catch(() => {});
  expect(await endless.ended).toEqual(new Error("the head of its answer is too long"));
});

test("a client that reads slowly gets every byte, and the upstream waits for it", async () => {
  const body = randomBytes(24 << 20);
  let left = body.length;
  const server = createServer((asked, response) => {
    response.writeHead(200);
    const go = (): void => {
      while (left > 0) {
        const more = response.write(body.subarray(body.length - left, body.length - left + 100_000));
        left -= Math.min(left, 100_000);
        if (!more) return void response.once("drain", go);
      }
      response.end();
    };
    go();
    asked.resume();
  });
  const { port, ended } = await relayTo(`http://127.0.0.1:${await listen(server)}/`);
  const answer = await ask(port);
  await sleep(300);
  expect(left).toBeGreaterThan(body.length / 4);
  const hash = createHash("sha256");
  let at = 0;
  for await (const chunk of answer) {
    hash.update(chunk as Buffer);
    if (at++ % 50 === 0) await sleep(5);
  }
  expect(hash.digest("hex")).toBe(createHash("sha256").update(body).digest("hex"));
  expect(await ended).toBeGreaterThan(body.length);
});

test("over TLS, to whom the certificate says it is", async () => {
  const body = randomBytes(3 << 20);
  const server = createTlsServer(TLS, (_, response) => void response.end(body));
  const port = await listen(server);
  const known = getCACertificates("default");
  const stranger = await relayTo(`https://localhost:${port}/`);
  void ask(stranger.port).catch(() => {});
  expect(await stranger.ended).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  setDefaultCACertificates([TLS.cert]);
  try {
    const { port: relayed, ended } = await relayTo(`https://localhost:${port}/`);
    const pieces: Buffer[] = [];
    for await (const piece of await ask(relayed)) pieces.push(piece as Buffer);
    expect(Buffer.concat(pieces).equals(body)).toBe(true);
    expect(await ended).toBe(body.length);
    const other = await relayTo(`https://127.0.0.1:${port}/`);
    void ask(other.port).catch(() => {});
    expect(await other.ended).toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  } finally {
    setDefaultCACertificates(known);
  }
});

test("when the client goes away, so does the connection upstream", async () => {
  const gone = Promise.withResolvers<void>();
  const server = createServer((asked, response) => {
    response.writeHead(200).write("hello");
    asked.socket.once("close", () => gone.resolve());
  });
  const { port, ended } = await relayTo(`http://127.0.0.1:${await listen(server)}/`);
  const answer = await ask(port);
  answer.on("error", () => {});
  answer.destroy();
  await gone.promise;
  expect(await ended).toEqual(new Error("the answer broke off"));
});
