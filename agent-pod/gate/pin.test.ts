import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";

import { afterEach, beforeEach, expect, test } from "vitest";

import { leaseKey, pinKey } from "../contract/lease.ts";
import type { World } from "./testing/world.ts";
import { bearer, openWorld, passOf, PREFIX, RUN } from "./testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.lend();
});
afterEach(() => world.close());

const pinned = (): Promise<string | null> => world.redis.client.get(pinKey(PREFIX, RUN));

/** The status of a request that comes from `localAddress`. */
async function askFrom(localAddress: string, pass = passOf()): Promise<number | undefined> {
  const asking = request(`${world.url}/llm/v1/models`, { headers: bearer(pass), localAddress }).end();
  const [answer] = (await once(asking, "response")) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

test("the first use binds until the pass expires, and later ones write nothing", async () => {
  expect(await askFrom("127.0.0.1")).toBe(200);
  expect(await pinned()).toBe("1 127.0.0.1");
  const seconds = await world.redis.client.ttl(pinKey(PREFIX, RUN));
  expect(seconds).toBeGreaterThan(590);
  await world.redis.client.expire(pinKey(PREFIX, RUN), 100);
  expect(await askFrom("127.0.0.1")).toBe(200);
  expect(await world.redis.client.ttl(pinKey(PREFIX, RUN))).toBeLessThanOrEqual(100);
});

test("of two first uses at once one is let in", async () => {
  const both = await Promise.all([askFrom("127.0.0.1"), askFrom("127.0.0.2")]);
  expect(both.toSorted()).toEqual([200, 403]);
});

test("nothing is bound where the lease refuses", async () => {
  expect(await askFrom("127.0.0.1", passOf({ attempt: 2 }))).toBe(403);
  await world.redis.client.del(leaseKey(PREFIX, RUN));
  expect(await askFrom("127.0.0.1")).toBe(503);
  expect(await pinned()).toBeNull();
});

test("a later attempt binds anew, an earlier one doesn't", async () => {
  expect(await askFrom("127.0.0.1")).toBe(200);
  await world.lend({ attempt: 2 });
  expect(await askFrom("127.0.0.2", passOf({ attempt: 2 }))).toBe(200);
  expect(await pinned()).toBe("2 127.0.0.2");
  await world.lend();
  expect(await askFrom("127.0.0.1")).toBe(403);
});

test("the planner's pass isn't bound", async () => {
  await world.lend({ purpose: "plan" });
  expect(await askFrom("127.0.0.1")).toBe(200);
  expect(await askFrom("127.0.0.2")).toBe(200);
  expect(await pinned()).toBeNull();
});
