import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Redis } from "ioredis";

import type { Lease } from "../../../contract/lease.ts";
import { leaseKey, sealToken } from "../../../contract/lease.ts";
import type { Told } from "../../decision.ts";
import { connect, readyWithin } from "../../redis.ts";
import { Refusal } from "../../refusal.ts";
import type { GateSettings } from "../../settings.ts";
import { mirrorsIn } from "../mirror.ts";
import { gitRoute } from "../route.ts";
import type { Clone } from "./clone.ts";
import { cloneIn } from "./clone.ts";
import type { Upstream } from "./upstream.ts";
import { openUpstream } from "./upstream.ts";

const KEY = Buffer.alloc(32, 7);
const RUN = "demo-12-add-implement-1";
export const BRANCH = "agent/12/add";

/** A GitHub, a gate in front of it that everybody may enter, and git clients on both sides. */
export interface Stage {
  dir: string;
  upstream: Upstream;
  /** Where the agent's git goes. */
  gate: string;
  lease: Lease;
  /** What the gate told of each request, and what it refused. */
  told: Told[];
  /** The gate's folder. */
  gateDir: string;
  /** A clone of the repository as a person has it, past the gate; made once. */
  person: Clone;
  /** A new clone through the gate, on the base. */
  agent(...options: string[]): Promise<Clone>;
  /** The commits upstream, by their refs' full names. */
  refs(): Promise<Record<string, string>>;
  /** Ends the lease: nobody follows the run any more. */
  endLease(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a stage whose repository octo/demo has one commit of `files` on `main`. */
export async function openStage(files: Record<string, string>, pushBytes?: number): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), "coxswain-gate-git-"));
  const upstream = await openUpstream(join(dir, "upstream"), "octo/demo");
  const redis = await startRedis(dir);
  const settings: GateSettings = {
    host: "127.0.0.1",
    port: 0,
    redisUrl: "",
    prefix: "test",
    passKeys: [KEY],
    leaseKeys: [KEY],
    githubServerUrl: upstream.url,
    llm: { url: "", key: "" },
    dir: join(dir, "gate"),
  };
  const lease = leaseOf(upstream.token);
  await redis.client.set(leaseKey("test", RUN), JSON.stringify(lease));
  const told: Told[] = [];
  const gate = await openGate(settings, redis.client, { lease, told, pushBytes });

  const person = cloneIn(join(dir, "person"), `${upstream.url}/octo/demo.git`, upstream.token);
  await person.git("init", "--quiet", "--initial-branch=main");
  await person.git("remote", "add", "origin", person.url);
  await person.commit("Begin", files);
  await person.git("push", "--quiet", "origin", "main");

  let clones = 0;
  return {
    dir,
    upstream,
    gate: gate.url,
    lease,
    told,
    gateDir: settings.dir,
    person,
    agent: async (...options) => {
      const clone = cloneIn(join(dir, `agent-${(clones += 1)}`), `${gate.url}/git/octo/demo.git`, null);
      await clone.git("clone", "--quiet", ...options, clone.url, ".");
      return clone;
    },
    refs: async () => {
      const listed = await person.git("--git-dir", join(dir, "upstream/octo/demo.git"), "show-ref");
      return Object.fromEntries(listed.split("\n").map((line) => [line.slice(41), line.slice(0, 40)]));
    },
    endLease: async () => void (await redis.client.del(leaseKey("test", RUN))),
    close: async () => {
      gate.server.closeAllConnections();
      await new Promise((resolve) => gate.server.close(resolve));
      await upstream.close();
      redis.client.disconnect();
      redis.child.kill("SIGKILL");
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The git routes behind a door that lets everybody in: whether somebody may come in is `admit`'s to tell. */
async function openGate(
  settings: GateSettings,
  redis: Redis,
  visit: { lease: Lease; told: Told[]; pushBytes: number | undefined },
): Promise<{ url: string; server: Server }> {
  const route = gitRoute(settings, redis, mirrorsIn(settings.dir), visit.pushBytes);
  const pass = { app: "1", run: RUN, attempt: 1, expires: 4_000_000_000 };
  // What the route throws at once is a refusal like any other.
  const answered: typeof route.answer = async (...asked) => route.answer(...asked);
  const server = createServer((request, response) => {
    answered({ pass, lease: visit.lease }, request, response).then(
      (told) => visit.told.push(told),
      (error: unknown) => {
        visit.told.push({ target: request.url ?? "", bytes: 0, why: String(error), verdict: "refused" });
        if (response.headersSent) return void response.destroy();
        const [status, sentence] =
          error instanceof Refusal ? [error.status, error.message] : [500, String(error)];
        response.writeHead(status, { "content-type": "text/plain" }).end(sentence);
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function leaseOf(token: string): Lease {
  return {
    run: RUN,
    attempt: 1,
    purpose: "implement",
    repository: { id: 1, owner: "octo", name: "demo" },
    issue: 12,
    git: {
      ref: `refs/heads/${BRANCH}`,
      known: ["refs/heads/main"],
      base: "refs/heads/main",
      mayTouch: [],
      protected: [],
    },
    llm: { models: ["m"], budget: 1 },
    hosts: [],
    token: sealToken(token, RUN, KEY),
  };
}

async function startRedis(dir: string): Promise<{ client: Redis; child: ChildProcess }> {
  const socket = join(dir, "redis.sock");
  const child = spawn("redis-server", ["--port", "0", "--unixsocket", socket, "--save", ""], {
    cwd: dir,
    stdio: "ignore",
  });
  const client = connect(socket);
  await readyWithin(client, 10_000);
  return { client, child };
}
