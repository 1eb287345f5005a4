import { expect, test } from "vitest";

import { isPublic } from "./connect/public.ts";
import { readSettings } from "./settings.ts";

const KEY = Buffer.alloc(32, 1).toString("base64");
const NEEDED = {
  REDIS_URL: "/run/redis.sock",
  GATE_PREFIX: "coxswain:12",
  GATE_PASS_KEYS: KEY,
  GATE_LEASE_KEYS: KEY,
  LLM_API_URL: "https://llm.example/v1",
  LLM_API_KEY: "key",
};

test("the cluster's own ranges are no public ones, in both families", () => {
  const { privateRanges } = readSettings({
    ...NEEDED,
    GATE_PRIVATE_RANGES: "34.118.224.0/20, 2600:1900::/28",
  });
  for (const address of ["34.118.224.1", "34.118.239.255", "2600:1900::1"])
    expect(isPublic(address, privateRanges)).toBe(false);
  for (const address of ["34.118.240.1", "2600:1910::1"]) expect(isPublic(address, privateRanges)).toBe(true);
  expect(isPublic("34.118.224.1", readSettings(NEEDED).privateRanges)).toBe(true);
});

test.each([
  "10.0.0.0",
  "10.0.0.0/33",
  "10.0.0/8",
  "fd00::/129",
  "fd00::/",
  "10.0.0.0/8,",
  "a/8",
  "10.0.0.0-10.0.0.9",
])("%s isn't a list of ranges", (ranges) => {
  expect(() => readSettings({ ...NEEDED, GATE_PRIVATE_RANGES: ranges })).toThrow(
    /^GATE_PRIVATE_RANGES must be ranges of addresses like [^\n]*\.$/,
  );
});

test.each([
  [undefined, 20_000],
  ["0", 0],
  ["600", 600_000],
])("%s seconds to drain are %d ms", (seconds, ms) => {
  expect(readSettings({ ...NEEDED, GATE_DRAIN_SECONDS: seconds }).drainMs).toBe(ms);
});
