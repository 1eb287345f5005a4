import { mkdtempSync, rmSync } from "node:fs";
import { BlockList } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Lease } from "../../contract/lease.ts";
import { leaseKey, sealToken, spentKey } from "../../contract/lease.ts";
import { deriveKey, signPass } from "../../contract/pass.ts";
import type { Pass } from "../../contract/pass.ts";
import type { Decision } from "../decision.ts";
import { internet } from "../connect/outside.ts";
import { startGate } from "../gate.ts";
import type { Around } from "../gate.ts";
import type { GateSettings } from "../settings.ts";
import type { TestModel } from "./model.ts";
import { openModel } from "./model.ts";
import type { TestRedis } from "./redis.ts";
import { openRedis } from "./redis.ts";

export const PREFIX = "coxswain:12";
export const RUN = "cx-7-implement-1-0badcafe";
/** What must never be told: the model's key and the installation token. */
export const SECRETS = { key: "llm-key-5f0e7c1d9b", token: "ghs_abcdefghijklmnopqrstuvwxyz0123456789" };
const PASS_KEY = deriveKey("secret", "pass");
const LEASE_KEY = deriveKey("secret", "lease");
export const OLD_PASS_KEY = deriveKey("the secret before", "pass");

/** A gate in this process, with a real Redis and a model that answers what it is told to. */
export interface World {
  url: string;
  dir: string;
  redis: TestRedis;
  model: TestModel;
  settings: GateSettings;
  decisions: Decision[];
  /** Writes a lease with a known spend for it. */
  lend(change?: Partial<Lease>): Promise<void>;
  spent(): Promise<Record<string, string>>;
  /** Asks the gate with the run's pass, unless `init` brings other headers. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** A gate that doesn't hold requests for long while Redis is away, unless `around` says so. */
export async function openWorld(around: Partial<Around> = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), "cx-gate-"));
  const redis = await openRedis(dir);
  const model = await openModel();
  const settings: GateSettings = {
    host: "127.0.0.1",
    port: 0,
    metricsPort: null,
    redisUrl: redis.url,
    prefix: PREFIX,
    passKeys: [PASS_KEY, OLD_PASS_KEY],
    leaseKeys: [LEASE_KEY],
    githubServerUrl: "http://127.0.0.1:9",
    llm: { url: model.url, key: SECRETS.key },
    dir: join(dir, "gate"),
    privateRanges: new BlockList(),
    drainMs: 20_000,
  };
  const decisions: Decision[] = [];
  const gate = await startGate(settings, (decision) => void decisions.push(decision), {
    outside: internet(),
    patienceMs: 500,
    ...around,
  });
  return {
    url: gate.url,
    dir,
    redis,
    model,
    settings,
    decisions,
    lend: async (change = {}) => {
      await redis.client.hset(spentKey(PREFIX, RUN), "spent", 0);
      await redis.client.set(leaseKey(PREFIX, RUN), JSON.stringify({ ...leaseOf(), ...change }), "EX", 60);
    },
    spent: () => redis.client.hgetall(spentKey(PREFIX, RUN)),
    ask: (path, init = {}) => fetch(`${gate.url}${path}`, { headers: bearer(passOf()), ...init }),
    close: async () => {
      await model.close();
      await gate.close();
      await redis.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A pass for the run; `change` makes it another one. */
export function passOf(change: Partial<Pass> = {}, key = PASS_KEY): string {
  return signPass(
    { app: "12", run: RUN, attempt: 1, expires: Math.ceil(Date.now() / 1000) + 600, ...change },
    key,
  );
}

export const bearer = (pass: string): Record<string, string> => ({ authorization: `Bearer ${pass}` });

/** A request for a chat completion. */
export function chatting(change: object = {}): RequestInit {
  const body = { model: "gpt", messages: [{ role: "user", content: "Hi" }], max_tokens: 100, ...change };
  return { method: "POST", headers: bearer(passOf()), body: JSON.stringify(body) };
}

function leaseOf(): Lease {
  return {
    run: RUN,
    attempt: 1,
    purpose: "implement",
    repository: { id: 4711, owner: "acme", name: "shop" },
    issue: 7,
    git: {
      ref: "refs/heads/agent/7/fix",
      known: ["refs/heads/main"],
      base: "refs/heads/main",
      mayTouch: [],
      protected: [],
    },
    llm: { models: ["gpt", "claude"], budget: 100_000 },
    hosts: [],
    token: sealToken(SECRETS.token, RUN, LEASE_KEY),
  };
}

/** What the gate answered: for a refusal its sentence and its code. */
interface Said {
  status: number;
  code?: string;
  message?: string;
}

export async function said(asked: Promise<Response>): Promise<Said> {
  const response = await asked;
  const body = (await response.json()) as { error?: { code: string; message: string } };
  return { status: response.status, ...body.error };
}
