import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { afterEach, beforeEach, expect, test } from "vitest";

import { readBody } from "./body.ts";
import { Refusal } from "./refusal.ts";

let server: Server;
let read: Promise<unknown>;
let socket: Socket;

beforeEach(async () => {
  const reading = Promise.withResolvers<unknown>();
  read = reading.promise;
  server = createServer((request, response) => {
    readBody(request, 1_000, 300).then(
      (body) => reading.resolve(body.toString()),
      (error: unknown) => {
        reading.resolve(error instanceof Refusal ? `${error.status} ${error.code}` : "another error");
        response.writeHead(400, { connection: "close" }).end();
      },
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.on("error", () => {}); // the server closes it while it sends
});
afterEach(async () => {
  socket.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const begin = (header: string): void =>
  void socket.write(`POST / HTTP/1.1\r\nhost: gate\r\n${header}\r\n\r\n`);

test("a body in pieces", async () => {
  begin("content-length: 6");
  for (const piece of ["ab", "cd", "ef"]) {
    socket.write(piece);
    await sleep(20);
  }
  expect(await read).toBe("abcdef");
});

test("one of exactly the limit", async () => {
  begin("content-length: 1000");
  socket.write("x".repeat(1_000));
  expect(await read).toBe("x".repeat(1_000));
});

test("one that is larger, without a length", async () => {
  begin("transfer-encoding: chunked");
  socket.write(`3e9\r\n${"x".repeat(1_001)}\r\n`);
  expect(await read).toBe("413 too_large");
});

test("one that trickles is late, though something comes all the time", async () => {
  begin("content-length: 900");
  const began = Date.now();
  const trickle = setInterval(() => socket.write("x"), 20);
  expect(await read).toBe("408 too_slow");
  clearInterval(trickle);
  expect(Date.now() - began).toBeLessThan(1_000);
});

test("one that never comes is late", async () => {
  begin("content-length: 5");
  expect(await read).toBe("408 too_slow");
});

test("one that is cut is none", async () => {
  begin("content-length: 10");
  socket.write("12345");
  await sleep(50);
  socket.destroy();
  expect(await read).toBe("another error");
});
