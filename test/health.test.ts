import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
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
let start: (more?: Record<string, string>) => ChildProcess;
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
  start = (more = {}) =>
    spawn(process.execPath, [MAIN], { env: { ...env, ...more }, stdio: ["ignore", "ignore", "pipe"] });
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

const ready = async (): Promise<string> =>
  fetch(`${health}/readyz`).then(
    (answer) => answer.text(),
    () => "",
  );

/** Passes on to the twin, but for the first answer, which is a 503. */
function shaky(port: number): Server {
  let asked = 0;
  const to = new URL(github.twin.world.urls.api);
  return createServer((asks, answers) => {
    if (asked++ === 0) return void answers.writeHead(503).end("<h1>Unicorn!</h1>");
    const { method, headers, url } = asks;
    const passed = request({ host: to.hostname, port: to.port, path: url, method, headers }, (answer) => {
      answers.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(answers);
    });
    asks.pipe(passed);
  }).listen(port, "127.0.0.1");
}

test("an app whose GitHub is away at its start begins nothing, says why, and starts when GitHub answers", async () => {
  app.kill("SIGKILL");
  const port = await freePort();
  const api = `http://127.0.0.1:${port}${new URL(github.twin.world.urls.api).pathname}`;
  app = start({ GITHUB_API_URL: api, COXSWAIN_DIR: join(dir, "late") });
  await expect
    .poll(ready, { timeout: 20_000 })
    .toBe(`${api} can't be reached: connect ECONNREFUSED 127.0.0.1:${port}\n`);
  expect(await status("/healthz")).toBe(200);
  expect(await readdir(dir)).not.toContain("late");
  const server = shaky(port);
  await expect.poll(ready, { timeout: 20_000 }).toBe(`${api} answers with 503: <h1>Unicorn!</h1>\n`);
  await isReady();
  server.close();
  server.closeAllConnections();
});

test.each([
  [
    "a key that isn't the app's",
    { PRIVATE_KEY: strangersKey() },
    /refuses the private key of app \d+: .*Check APP_ID/,
  ],
  [
    "an app that isn't there",
    { APP_ID: "987654" },
    /knows no app 987654: check APP_ID and GITHUB_API_URL\.$/,
  ],
])("%s ends it with a sentence, before anything has begun", async (_, wrong, sentence) => {
  app.kill("SIGKILL");
  app = start({ ...wrong, COXSWAIN_DIR: join(dir, "wrong") });
  const said = text(app.stderr!);
  expect(await once(app, "exit")).toEqual([1, null]);
  expect((await said).trim()).toMatch(sentence);
  expect(await readdir(dir)).not.toContain("wrong");
});

function strangersKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs1", format: "pem" }).toString();
}
