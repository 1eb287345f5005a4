import { once } from "node:events";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Host, TestOutside } from "./connect/testing/host.ts";
import { ADDRESS, HOST, openHost, testOutside } from "./connect/testing/host.ts";
import { askTunnel, echo, openSecure } from "./connect/testing/tunnel.ts";
import type { Decision } from "./decision.ts";
import type { Gate } from "./gate.ts";
import { startGate } from "./gate.ts";
import type { World } from "./testing/world.ts";
import { openWorld, passOf, RUN } from "./testing/world.ts";

let world: World;
let host: Host;
let outside: TestOutside;
let decisions: Decision[];

beforeEach(async () => {
  world = await openWorld();
  host = await openHost();
  outside = testOutside();
  outside.names = { [HOST]: [ADDRESS] };
  outside.ports = { [ADDRESS]: host.port };
  decisions = [];
  await world.lend({ hosts: [HOST] });
});
afterEach(async () => {
  await host.close();
  await world.close();
});

/** One more gate, which the test itself ends. */
const start = (drainMs: number): Promise<Gate> =>
  startGate({ ...world.settings, drainMs }, (decision) => void decisions.push(decision), {
    outside,
    patienceMs: 500,
  });

test("a gate that ends takes no more tunnels, and waits for those that are open", async () => {
  const gate = await start(20_000);
  const tls = await openSecure(gate.url, host, passOf());
  const began = Date.now();
  const closing = gate.close();
  const late = await askTunnel(gate.url, `${HOST}:443`, { pass: passOf() });
  expect(late.got()).toBe("");
  expect(await echo(tls, "hello")).toContain("200 OK");
  tls.end();
  await closing;
  expect(Date.now() - began).toBeLessThan(5_000);
  expect(decisions).toMatchObject([{ run: RUN, verb: "connect", verdict: "passed" }]);
});

test("a tunnel that outlasts the end is cut, and told", async () => {
  const gate = await start(1_500);
  const tls = await openSecure(gate.url, host, passOf());
  const began = Date.now();
  await Promise.all([gate.close(), once(tls, "close")]);
  expect(Date.now() - began).toBeGreaterThan(1_400);
  expect(Date.now() - began).toBeLessThan(4_000);
  expect(decisions).toMatchObject([
    { verdict: "refused", why: expect.stringContaining("gate ends") as string },
  ]);
  expect(decisions[0]?.bytes).toBeGreaterThan(1_000);
});
