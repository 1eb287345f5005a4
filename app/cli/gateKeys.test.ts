import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, onTestFinished, test } from "vitest";

import { openRedis } from "../../agent-pod/gate/testing/redis.ts";
import { deriveKey, signPass } from "../../agent-pod/contract/pass.ts";
import { newKey } from "../../twin/setup/apps.ts";

const CLI = fileURLToPath(new URL("./gateKeys.ts", import.meta.url));
const GATE = fileURLToPath(new URL("../../agent-pod/gate/main.ts", import.meta.url));

const [now, before, other] = [newKey(), newKey(), newKey()];

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "gate-keys-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const run = (args: string[], env: Record<string, string>) =>
  spawnSync(process.execPath, [CLI, ...args], { env, encoding: "utf8" });

test("the gate's keys are written for its group to read, over older ones too, and hold no key of the app's", () => {
  const dir = folder();
  const key = join(dir, "key.pem");
  writeFileSync(key, before);
  expect(run([dir], { PRIVATE_KEY_PATH: key })).toMatchObject({ status: 0, stdout: "", stderr: "" });
  expect(run([dir], { PRIVATE_KEY: now, PREVIOUS_PRIVATE_KEY_PATH: key })).toMatchObject({ status: 0 });
  for (const use of ["pass", "lease"] as const) {
    const file = join(dir, `${use}-keys`);
    expect(statSync(file).mode & 0o777).toBe(0o440);
    const written = readFileSync(file, "utf8");
    expect(written).toBe(`${[now, before].map((pem) => deriveKey(pem, use).toString("base64")).join(",")}\n`);
    expect(written).not.toContain("PRIVATE KEY");
  }
});

test("what is wrong is said, and nothing is written", () => {
  const dir = folder();
  const wrong = run([dir], { PRIVATE_KEY: "hunter2", PREVIOUS_PRIVATE_KEY_PATH: "/hunter2" });
  expect(wrong.status).toBe(1);
  expect(wrong.stderr).toMatch(/^- PRIVATE_KEY must be .*\n- PREVIOUS_PRIVATE_KEY_PATH must name/m);
  expect(wrong.stderr).not.toContain("hunter2");
  expect(run([join(dir, "none")], { PRIVATE_KEY: now }).status).toBe(1);
  expect(run([], { PRIVATE_KEY: now })).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("gateKeys.ts DIR"),
  });
});

test("a gate with these keys knows the passes of both, and of no other", async () => {
  const dir = folder();
  const redis = await openRedis(dir);
  onTestFinished(() => redis.close());
  expect(run([dir], { PRIVATE_KEY: now, PREVIOUS_PRIVATE_KEY: before }).status).toBe(0);
  const env = {
    PATH: process.env["PATH"],
    REDIS_URL: redis.url,
    GATE_PREFIX: "coxswain:12",
    GATE_KEYS_DIR: dir,
    LLM_API_URL: "http://127.0.0.1:9/v1",
    LLM_API_KEY: "key",
    GATE_DIR: join(dir, "gate"),
  };
  const gate = spawn(process.execPath, [GATE], { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void gate.kill("SIGKILL"));
  const [line] = (await once(createInterface({ input: gate.stdout }), "line")) as [string];
  const { gate: url } = JSON.parse(line) as { gate: string };
  const code = async (key: string): Promise<unknown> => {
    const pass = { app: "12", run: "cx-7-a", attempt: 1, expires: Math.ceil(Date.now() / 1000) + 600 };
    const authorization = `Bearer ${signPass(pass, deriveKey(key, "pass"))}`;
    const answer = await fetch(`${url}/hello`, { method: "POST", headers: { authorization } });
    return ((await answer.json()) as { error: { code: string } }).error.code;
  };
  // A good pass without a lease: it is known, and good for nothing.
  expect([await code(now), await code(before), await code(other)]).toEqual([
    "no_lease",
    "no_lease",
    "bad_pass",
  ]);
});
