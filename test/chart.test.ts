import { readFileSync } from "node:fs";
import { BlockList, isIP } from "node:net";
import { join } from "node:path";

import { assert, ipV4, ipV6, oneof, property } from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";

import { isPublic } from "../agent-pod/gate/connect/public.ts";

const text = readFileSync(join(import.meta.dirname, "../charts/coxswain/public.yaml"), "utf8");
const ranges = Object.entries(parse(text) as Record<string, string[]>);

test("what NetworkPolicies let the gate reach is what it takes for public itself", () => {
  const allowed = listOf(ranges.map(([range]) => range));
  const not = listOf(ranges.flatMap(([, except]) => except));
  const own = new BlockList();
  const check = (address: string): void => {
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const reached = allowed.check(address, family) && !not.check(address, family);
    expect([address, reached]).toEqual([address, isPublic(address, own)]);
  };
  for (const [, except] of ranges)
    for (const range of except) for (const near of bordersOf(range)) check(near);
  assert(property(oneof(ipV4(), ipV6()), check), { numRuns: 2000 });
});

test("docs/kubernetes.md says of every sentence about a pod what to look at", () => {
  const root = join(import.meta.dirname, "..");
  const docs = readFileSync(join(root, "docs/kubernetes.md"), "utf8");
  const sentences = ["ending", "endOfPod", "waiting"].flatMap((name) => {
    const code = readFileSync(join(root, `jobs/run/cluster/kubernetes/${name}.ts`), "utf8");
    // As far as each is always the same.
    return [...code.matchAll(/\bsay: ["`]([^"`$:.,(]+)/g)].map(([, start = ""]) => start.trim());
  });
  expect(sentences.length).toBeGreaterThan(20);
  expect(sentences.filter((sentence) => !docs.includes(`*${sentence}*`))).toEqual([]);
});

function listOf(all: string[]): BlockList {
  const list = new BlockList();
  for (const range of all) {
    const [net = "", bits] = range.split("/");
    list.addSubnet(net, Number(bits), isIP(net) === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

/** The first and the last address of a range, and those before and after it. */
function bordersOf(range: string): string[] {
  const [net = "", bits] = range.split("/");
  if (isIP(net) === 6) return [net, net.replace(/::$/, "::1"), net.replace(/::$/, ":ffff::")];
  const first = net.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const last = first + 2 ** (32 - Number(bits)) - 1;
  return [first - 1, first, last, last + 1]
    .filter((number) => number >= 0 && number < 2 ** 32)
    .map((number) => [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join("."));
}
