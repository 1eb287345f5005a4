import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, expect, test } from "vitest";

import { openRedis } from "../agent-pod/gate/testing/redis.ts";
import type { TestRedis } from "../agent-pod/gate/testing/redis.ts";
import { openGitHub } from "./harness/github.ts";
import type { GitHub } from "./harness/github.ts";

const MAIN = fileURLToPath(new URL("../app/main.ts", import.meta.url));
const NOWHERE = "http://127.0.0.1:9";

let dir: string;
let redis: TestRedis;
let github: GitHub;
let start: () => ChildProcess;
let app: ChildProcess;
let health: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "health-"));
  redis = await openRedis(dir);
  github = await openGitHub({}, join(dir, "twin"), NOWHERE);
  const port = await freePort();
  health = `http://127.0.0.1:${port}`;
  const { twin, registered } = github;
  const env = {
    PATH: process.env["PATH"],
    APP_ID: String(registered.app.id),
    PRIVATE_KEY: registered.privateKey,
    WEBHOOK_SECRET: registered.webhookSecret,
    GITHUB_API_URL: twin.world.urls.api,
    GITHUB_SERVER_URL: twin.world.urls.web,
    LLM_API_URL: `${NOWHERE}/v1`,
    LLM_API_KEY: "none",
    LLM_MODEL: "scripted",
    COXSWAIN_DIR: join(dir, "app"),
    REDIS_URL: redis.url,
    GATE_URL: NOWHERE,
    PORT: "0",
    METRICS_PORT: String(port),
  };
  start = () => spawn(process.execPath, [MAIN], { env, stdio: "ignore" });
  app = start();
});
afterEach(async () => {
  app.kill("SIGKILL");
  await github.twin.close();
  await redis.close();
  await rm(dir, { recursive: true, force: true });
});

/** The status of an answer, which must come within a second; 0: nobody listens. */
async function status(path: string): Promise<number> {
  const signal = AbortSignal.timeout(1000);
  return fetch(`${health}${path}`, { signal }).then(
    (answer) => answer.status,
    (error: Error) => (error.name === "TimeoutError" ? -1 : 0),
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function isReady(): Promise<void> {
  await expect.poll(() => status("/readyz"), { timeout: 20_000 }).toBe(200);
}

test.each(["away", "silent"])(
  "an app whose Redis is %s is alive, not ready, and answers in time",
  async (how) => {
    await isReady();
    if (how === "away") await redis.kill();
    else redis.freeze();
    await expect.poll(() => status("/readyz"), { timeout: 5000 }).toBe(503);
    expect(await status("/healthz")).toBe(200);
    expect(await status("/metrics")).toBe(200);
    if (how === "away") await redis.start();
    else redis.thaw();
    await isReady();
    const metrics = await (await fetch(`${health}/metrics`)).text();
    expect(metrics).toMatch(/^coxswain_queue_jobs\{queue="advance",state="waiting"\} \d+$/m);
    expect(metrics).toMatch(/^process_resident_memory_bytes \d+/m);
  },
);

test("SIGTERM: first it isn't ready any more, then it ends", async () => {
  await isReady();
  const exited = once(app, "exit");
  // Its end waits for Redis, which takes its time here.
  redis.freeze();
  app.kill("SIGTERM");
  await expect
    .poll(async () => (await fetch(`${health}/readyz`)).text(), { timeout: 5000 })
    .toBe("It ends.\n");
  redis.thaw();
  expect(await exited).toEqual([0, null]);
});

test("an app that can't start yet is alive and not ready", async () => {
  await isReady();
  const exited = once(app, "exit");
  app.kill("SIGKILL");
  await exited;
  redis.freeze();
  app = start();
  await expect.poll(() => status("/healthz"), { timeout: 20_000 }).toBe(200);
  expect(await (await fetch(`${health}/readyz`)).text()).toBe("It starts.\n");
  redis.thaw();
  await isReady();
});
