import { createSocket } from "node:dgram";
import type { Socket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";

import { afterAll, expect, test } from "vitest";

import type { Line } from "../contract/lines.ts";
import { parseLine } from "../contract/lines.ts";
import { printer } from "./printer.ts";
import { briefFor, makeWorld, scripted, startRunner } from "./testing/world.ts";
import type { Address, Walls } from "./walls.ts";
import { testWalls } from "./walls.ts";

const open: { close(): unknown }[] = [];
afterAll(() => {
  for (const each of open) each.close();
});

async function listening(): Promise<{ server: Server; at: Address }> {
  const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(server);
  return { server, at: { host: "127.0.0.1", port: (server.address() as AddressInfo).port } };
}

/** Where nobody listens. */
async function closed(): Promise<Address> {
  const { server, at } = await listening();
  server.close();
  await once(server, "close");
  return at;
}

/** Takes what comes, and says `answer` to it, or nothing. */
async function bound(answer: string | null): Promise<Address> {
  const socket: Socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  socket.on("message", (_, { port, address }) => {
    if (answer !== null) socket.send(answer, port, address);
  });
  open.push(socket);
  return { host: "127.0.0.1", port: socket.address().port };
}

/** What the walls' test prints and how it ends. */
async function tested(walls: Walls): Promise<{ lines: (Line | null)[]; failure: unknown }> {
  const lines: (Line | null)[] = [];
  const print = printer((line) => lines.push(parseLine(line)));
  const failure: unknown = await testWalls(walls, print).catch((error: unknown) => error);
  return { lines, failure };
}

test.concurrent("nothing is reached where nobody answers, or only a refusal comes", async () => {
  const { lines, failure } = await tested({ canary: await closed(), dns: await bound(null) });
  expect(failure).toBeUndefined();
  expect(lines).toEqual([{ n: 0, kind: "walls", open: false, text: "" }]);
});

test.concurrent("whatever is reached is named, and ends the run", async () => {
  const [canary, dns] = [(await listening()).at, await bound("whatever")];
  const { lines, failure } = await tested({ canary, dns });
  const reached = `the canary at 127.0.0.1:${canary.port}, DNS at 127.0.0.1:${dns.port} by UDP`;
  expect(lines).toEqual([{ n: 0, kind: "walls", open: true, text: reached }]);
  expect(failure).toMatchObject({
    reason: "network",
    message: `Its pod could reach ${reached}, which nothing but a NetworkPolicy would have kept it from. Nothing of the repository has run in it.`,
  });
});

test.concurrent("DNS by TCP counts too", async () => {
  const { at } = await listening();
  const { lines } = await tested({ canary: null, dns: at });
  expect(lines).toEqual([{ n: 0, kind: "walls", open: true, text: `DNS at 127.0.0.1:${at.port} by TCP` }]);
});

test.concurrent("policies that are enforced a moment late are waited for", async () => {
  const { server, at } = await listening();
  setTimeout(() => server.close(), 3_000);
  const { lines, failure } = await tested({ canary: at, dns: null });
  expect(failure).toBeUndefined();
  expect(lines).toEqual([{ n: 0, kind: "walls", open: false, text: "" }]);
});

test.concurrent("the run's first line says it, and only then its setup runs", async () => {
  const world = await makeWorld();
  const { server, at } = await listening();
  const setup = [`echo "connected $(exec 3<>/dev/tcp/127.0.0.1/${at.port} && echo yes || echo no)"`];
  const env = { COXSWAIN_CANARY: `127.0.0.1:${at.port}` };
  const start = () =>
    startRunner(world, briefFor(world, { setup }), scripted(world, [[{ say: "Ok." }]]), env);
  const held = await start().ended;
  expect(held.lines[0]).toMatchObject({ n: 0, kind: "walls", open: true });
  expect(held.outcome).toMatchObject({ kind: "failed", reason: "network" });
  expect(held.stdout).not.toContain("setup");

  server.close();
  const free = await start().ended;
  expect(free.lines.slice(0, 2)).toMatchObject([
    { kind: "walls", open: false },
    { kind: "step", n: 1 },
  ]);
  expect(free.outcome).toMatchObject({ kind: "nothing" });
  await world.close();
});

test.concurrent("it says it also where the repository couldn't be read", async () => {
  const world = await makeWorld();
  const { server, at } = await listening();
  const brief = briefFor(world, { base: { branch: "nowhere", sha: world.base } });
  const start = () =>
    startRunner(world, brief, scripted(world, []), { COXSWAIN_CANARY: `127.0.0.1:${at.port}` });
  const held = await start().ended;
  expect(held.lines[0]).toMatchObject({ n: 0, kind: "walls", open: true });
  expect(held.outcome).toMatchObject({ kind: "failed", reason: "network" });

  server.close();
  const free = await start().ended;
  expect(free.lines[0]).toMatchObject({ n: 0, kind: "walls", open: false });
  expect(free.outcome).toMatchObject({ kind: "failed", reason: "clone" });
  await world.close();
});
