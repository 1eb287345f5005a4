import { createHmac, generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import autocannon from "autocannon";
import { Redis } from "ioredis";
import { pino } from "pino";
import { createNodeMiddleware, Probot } from "probot";

import { openBell } from "../app/bell.ts";
import { openRedis } from "../app/config/redis.ts";
import { ringOnWebhooks } from "../app/webhooks.ts";
import { median } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { paced } from "./paced.ts";
import type { Shot } from "./paced.ts";

const SECRET = "bench";
const SECONDS = 4;
const ROUNDS = 5;

/** Payloads of 100 issues, as large as GitHub's are. */
const BODIES = Array.from({ length: 100 }, (_, number) =>
  JSON.stringify({
    action: "labeled",
    issue: { number: number + 1, title: "An issue", body: "x".repeat(6000), labels: [{ name: "agent" }] },
    label: { name: "agent" },
    installation: { id: 1 },
    repository: {
      name: "teatime",
      full_name: "acme/teatime",
      owner: { login: "acme" },
      default_branch: "main",
    },
    sender: { login: "mona", type: "User" },
  }),
);

/** Requests per second of our webhook route over those of a Probot app that does nothing, interleaved; and its p99 at 200/s. */
export async function webhooks(): Promise<Figure[]> {
  const dir = await mkdtemp(join(tmpdir(), "bench-"));
  const redis = await openRedis({ dir, log: pino({ level: "silent" }) });
  const bell = await openBell({ connection: { url: redis.url }, prefix: "bench" });
  const ours = await serve((app) => ringOnWebhooks(app, bell, "coxswain"));
  const empty = await serve((app) => app.onAny(() => {}));
  try {
    const ratios: number[] = [];
    await fire(ours.url);
    await fire(empty.url);
    for (let round = 0; round < ROUNDS; round++) {
      const [base, measured] = [await fire(empty.url), await fire(ours.url)];
      ratios.push(measured.requests.average / base.requests.average);
    }
    const [beside, p99] = [await p99At200(empty.url), await p99At200(ours.url)];
    const client = new Redis(redis.url);
    const rung = await client.llen("bench:advance:wait");
    client.disconnect();
    if (rung !== BODIES.length)
      throw new Error(
        `${rung} issues were rung instead of ${BODIES.length}: the bench measures something else.`,
      );
    return [
      {
        figure: "webhook: requests/s",
        value: median(ratios),
        unit: "of it",
        goal: "≥ 0.7",
        against: "an empty Probot handler",
      },
      {
        figure: "webhook: p99 at 200/s",
        value: p99,
        unit: "ms",
        goal: "≤ 25",
        against: `an empty Probot handler: ${beside.toFixed(1)} ms`,
      },
    ];
  } finally {
    await Promise.all([ours.close(), empty.close(), bell.close()]);
    await redis.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function serve(load: (app: Probot) => void): Promise<{ url: string; close(): Promise<void> }> {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const probot = new Probot({ appId: 1, privateKey, secret: SECRET, logLevel: "fatal" });
  const middleware = await createNodeMiddleware(load, { probot, webhooksPath: "/" });
  const server = createServer((request, response) => void middleware(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const SHOTS: Shot[] = BODIES.map((body, at) => ({
  body,
  headers: {
    "content-type": "application/json",
    "x-github-event": "issues",
    "x-github-delivery": `delivery-${at}`,
    "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
  },
}));

/** As many as it takes, from a thread of its own. */
async function fire(url: string): Promise<autocannon.Result> {
  const requests = SHOTS.map((shot) => ({ method: "POST" as const, ...shot }));
  const result = await autocannon({ url, connections: 20, duration: SECONDS, requests, workers: 1 });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx + result.errors} of the bench's webhooks were refused.`);
  return result;
}

async function p99At200(url: string): Promise<number> {
  const took = await paced({ url, shots: SHOTS, perSecond: 200, seconds: 2 * SECONDS });
  return took[Math.floor(took.length * 0.99)] ?? Number.NaN;
}
