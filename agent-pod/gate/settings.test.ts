import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

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
const { GATE_PASS_KEYS: _, GATE_LEASE_KEYS: __, ...WITHOUT_KEYS } = NEEDED;

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

test("the keys are read from a folder, current and previous", () => {
  const dir = folder();
  const [now, before] = [1, 2].map((byte) => Buffer.alloc(32, byte));
  const both = `${now?.toString("base64")},${before?.toString("base64")}\n`;
  for (const name of ["pass-keys", "lease-keys"]) writeFileSync(join(dir, name), both);
  const settings = readSettings({ ...WITHOUT_KEYS, GATE_KEYS_DIR: dir });
  expect([settings.passKeys, settings.leaseKeys]).toEqual([
    [now, before],
    [now, before],
  ]);
});

test("a folder that lacks a key, holds something else, or stands beside the variables is refused by name", () => {
  const dir = folder();
  const read =
    (more: object = {}) =>
    () =>
      readSettings({ ...WITHOUT_KEYS, GATE_KEYS_DIR: dir, ...more });
  expect(read()).toThrow(/^GATE_KEYS_DIR must be a folder with pass-keys and lease-keys/);
  mkdirSync(join(dir, "pass-keys"));
  writeFileSync(join(dir, "lease-keys"), KEY);
  expect(read()).toThrow(/^GATE_KEYS_DIR must be/);
  rmSync(join(dir, "pass-keys"), { recursive: true });
  writeFileSync(join(dir, "pass-keys"), "hunter2");
  expect(read()).toThrow(/^GATE_PASS_KEYS must be keys of 32 bytes each(?![^]*hunter2)/);
  expect(read({ GATE_LEASE_KEYS: KEY })).toThrow(/^GATE_KEYS_DIR is set beside/);
});

test("its health has a port only where one is given", () => {
  expect(readSettings(NEEDED).metricsPort).toBeNull();
  expect(readSettings({ ...NEEDED, GATE_METRICS_PORT: "9090" }).metricsPort).toBe(9090);
  expect(() => readSettings({ ...NEEDED, GATE_METRICS_PORT: "65536" })).toThrow(
    "GATE_METRICS_PORT must be a port from 0 to 65535.",
  );
});

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "cx-keys-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}
