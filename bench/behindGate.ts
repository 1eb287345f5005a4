import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Redis } from "ioredis";
import { pino } from "pino";

import { leaseKey, sealToken, spentKey } from "../agent-pod/contract/lease.ts";
import type { Lease } from "../agent-pod/contract/lease.ts";
import { deriveKey, signPass } from "../agent-pod/contract/pass.ts";
import { cloneIn } from "../agent-pod/gate/git/testing/clone.ts";
import { openUpstream } from "../agent-pod/gate/git/testing/upstream.ts";
import { openModel } from "../agent-pod/gate/testing/model.ts";
import type { TestModel } from "../agent-pod/gate/testing/model.ts";
import { openRedis } from "../app/config/redis.ts";
import { openGate } from "../jobs/run/gate.ts";

const PREFIX = "coxswain:1";
const RUN = "cx-1-implement-1-bench";
const REPOSITORY = { id: 1, owner: "acme", name: "heavy" };
const HOUR_SECONDS = 3600;
/** So many files that `git push` leaves them in one pack, as a repository of that size has them. */
const FILES = 200;

/** Two ways to one thing. */
export interface Ways {
  direct: string;
  gate: string;
}

/** A model and a repository on this machine, to be reached directly, and through a gate that is a process of its own. */
export interface BehindGate {
  dir: string;
  model: TestModel;
  /** Ends in /v1. */
  models: Ways;
  clones: Ways;
  /** What opens each of them: the model's key and the repository's token, and the run's pass. */
  secrets: Ways;
  close(): Promise<void>;
}

/** `bytes`: how much there is to clone, of what can't be compressed. */
export async function openBehindGate(bytes: number): Promise<BehindGate> {
  const dir = await mkdtemp(join(tmpdir(), "bench-gate-"));
  const ends: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    const redis = await openRedis({ dir, log: pino({ level: "silent" }) });
    ends.push(() => redis.stop());
    const model = await openModel();
    ends.push(() => model.close());
    const { owner, name } = REPOSITORY;
    const upstream = await openUpstream(join(dir, "upstream"), `${owner}/${name}`);
    ends.push(() => upstream.close());
    const [passKey, leaseKeyBytes] = [deriveKey("bench", "pass"), deriveKey("bench", "lease")];
    const gate = await openGate({
      dir,
      env: {
        REDIS_URL: redis.url,
        GATE_PREFIX: PREFIX,
        GATE_PASS_KEYS: passKey.toString("base64"),
        GATE_LEASE_KEYS: leaseKeyBytes.toString("base64"),
        GITHUB_SERVER_URL: upstream.url,
        LLM_API_URL: model.url,
        LLM_API_KEY: upstream.token,
      },
    });
    ends.push(() => gate.stop());
    await lend(redis.url, sealToken(upstream.token, RUN, leaseKeyBytes));
    const clones = {
      direct: `${upstream.url}/${owner}/${name}.git`,
      gate: `${gate.url}/git/${owner}/${name}.git`,
    };
    await fill(join(dir, "person"), { url: clones.direct, token: upstream.token, bytes });
    const expires = Math.ceil(Date.now() / 1000) + HOUR_SECONDS;
    const pass = signPass({ app: "1", run: RUN, attempt: 1, expires }, passKey);
    return {
      dir,
      model,
      models: { direct: model.url, gate: `${gate.url}/llm/v1` },
      clones,
      secrets: { direct: upstream.token, gate: pass },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The run's lease, and a count of what it spent, as whoever follows it writes them. */
async function lend(url: string, token: string): Promise<void> {
  const lease: Lease = {
    run: RUN,
    attempt: 1,
    purpose: "implement",
    repository: REPOSITORY,
    issue: 1,
    git: {
      ref: "refs/heads/agent/1/bench",
      known: ["refs/heads/main"],
      base: "refs/heads/main",
      mayTouch: [],
      protected: [],
    },
    llm: { models: ["scripted"], budget: 1_000_000_000 },
    hosts: [],
    token,
  };
  const client = new Redis(url);
  await client.hset(spentKey(PREFIX, RUN), "spent", 0);
  await client.set(leaseKey(PREFIX, RUN), JSON.stringify(lease), "EX", HOUR_SECONDS);
  client.disconnect();
}

/** Pushes one commit of so many bytes. */
async function fill(dir: string, { url, token, bytes }: { url: string; token: string; bytes: number }) {
  const person = cloneIn(dir, url, token);
  await person.git("init", "--quiet", "--initial-branch=main");
  await mkdir(join(dir, "files"));
  for (let at = 0; at < FILES; at++)
    await writeFile(join(dir, "files", `${at}`), randomBytes(Math.ceil(bytes / FILES)));
  await person.git("add", "--all");
  await person.git("commit", "--quiet", "--message", "Begin");
  await person.git("push", "--quiet", url, "main");
  await rm(dir, { recursive: true, force: true });
}
