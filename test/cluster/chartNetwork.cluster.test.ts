import { expect, test } from "vitest";

import type { Values } from "./install.ts";
import { objectsOf } from "./render.ts";

const PLACE = [{ ipBlock: { cidr: "10.9.0.0/16" } }];

const REDIS: [what: string, values: Values, rule: object][] = [
  ["the port of its address", { redis: ownRedis({ url: "rediss://redis.example:7000/0" }) }, onPort(7000)],
  ["6379 where the address has none", { redis: ownRedis({ url: "redis://redis.example" }) }, onPort(6379)],
  ["6379 where the address is secret", { redis: ownRedis({ urlKey: "u" }) }, onPort(6379)],
  ["the port that is told", { redis: ownRedis({ urlKey: "u", port: 6380 }) }, onPort(6380)],
  [
    "the place that is told",
    { redis: ownRedis({ urlKey: "u" }), networkPolicy: { redisTo: PLACE } },
    { ...onPort(6379), to: PLACE },
  ],
];

test.each(REDIS)("the way to a Redis of one's own is %s", async (_, values, rule) => {
  const rules = await egress(values);
  for (const who of ["app", "gate"]) expect(rules.get(who)).toContainEqual(rule);
  expect(rules.get("test")).not.toContainEqual(rule);
});

test("the way to DNS is as wide as the values say, for all", async () => {
  const ports = ["UDP", "TCP"].map((protocol) => ({ port: 53, protocol }));
  const [wide, narrow] = await Promise.all([egress({}), egress({ networkPolicy: { dnsTo: PLACE } })]);
  for (const who of ["app", "gate", "test"]) {
    expect(wide.get(who)).toContainEqual({ ports });
    expect(narrow.get(who)).toContainEqual({ ports, to: PLACE });
    expect(narrow.get(who)).not.toContainEqual({ ports });
  }
});

test("the gate reaches no private address that no value names, but for DNS", async () => {
  const rules = await egress({});
  // What has no `to` leads everywhere, on its ports.
  const anywhere = rules.get("gate")?.filter((rule) => !("to" in rule));
  expect(anywhere).toEqual([{ ports: ["UDP", "TCP"].map((protocol) => ({ port: 53, protocol })) }]);
});

function ownRedis(values: Values): Values {
  return { builtIn: false, ...values };
}

function onPort(port: number): object {
  return { ports: [{ port }] };
}

/** What a component's policies let it reach, by component. */
async function egress(values: Values): Promise<Map<string, object[]>> {
  const policies = await objectsOf("NetworkPolicy", "small", values);
  return new Map(
    policies
      .filter(({ metadata }) => metadata.namespace === "there")
      .map(({ spec }) => [
        spec?.podSelector?.matchLabels?.["app.kubernetes.io/component"] ?? "",
        spec?.egress ?? [],
      ]),
  );
}
