import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BlockList } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Redis } from "ioredis";

import type { Lease } from "../../../contract/lease.ts";
import { leaseKey, sealToken } from "../../../contract/lease.ts";
import type { Visit } from "../../admit.ts";
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
  /** A clone like `agent`'s, of another run that has a lease for `branch`. */
  other(branch: string): Promise<Clone>;
  /** The commits upstream, by their refs' full names. */
  refs(): Promise<Record<string, string>>;
  /** Starts one more gate in the same folder, as after a crash. */
  startAnother(): void;
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
    metricsPort: null,
    redisUrl: "",
    prefix: "test",
    passKeys: [KEY],
    leaseKeys: [KEY],
    githubServerUrl: upstream.url,
    llm: { url: "", key: "" },
    dir: join(dir, "gate"),
    privateRanges: new BlockList(),
    drainMs: 1_000,
  };
  const leases = new Map<string, Lease>();
  const lend = async (branch: string): Promise<Lease> => {
    const lease = leaseOf(branch, upstream.token);
    leases.set(branch, lease);
    await redis.client.set(leaseKey("test", branch), JSON.stringify(lease));
    return lease;
  };
  const lease = await lend(BRANCH);
  const told: Told[] = [];
  const gate = await openGate(settings, redis.client, { leases, told, pushBytes });

  const person = cloneIn(join(dir, "person"), `${upstream.url}/octo/demo.git`, upstream.token);
  await person.git("init", "--quiet", "--initial-branch=main");
  await person.git("remote", "add", "origin", person.url);
  await person.commit("Begin", files);
  await person.git("push", "--quiet", "origin", "main");

  let clones = 0;
  const cloneAs = async (branch: string, options: readonly string[]): Promise<Clone> => {
    const clone = cloneIn(join(dir, `agent-${(clones += 1)}`), `${gate.url}/git/octo/demo.git`, branch);
    await clone.git("clone", "--quiet", ...options, clone.url, ".");
    return clone;
  };
  return {
    dir,
    upstream,
    gate: gate.url,
    lease,
    told,
    gateDir: settings.dir,
    person,
    agent: (...options) => cloneAs(BRANCH, options),
    other: async (branch) => {
      await lend(branch);
      return cloneAs(branch, []);
    },
    refs: async () => {
      const listed = await person.git("--git-dir", join(dir, "upstream/octo/demo.git"), "show-ref");
      return Object.fromEntries(listed.split("\n").map((line) => [line.slice(41), line.slice(0, 40)]));
    },
    startAnother: () => void gitRoute(settings, redis.client, mirrorsIn(settings.dir)),
    endLease: async () => void (await redis.client.del(leaseKey("test", BRANCH))),
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

/** The git routes behind a door that lets everybody in who names a branch; whether somebody may come in is `admit`'s to tell. */
async function openGate(
  settings: GateSettings,
  redis: Redis,
  door: { leases: ReadonlyMap<string, Lease>; told: Told[]; pushBytes: number | undefined },
): Promise<{ url: string; server: Server }> {
  const route = gitRoute(settings, redis, mirrorsIn(settings.dir), door.pushBytes);
  const visitOf = ({ headers }: IncomingMessage): Visit => {
    const basic = (headers.authorization ?? "").replace(/^Basic /, "");
    const run = Buffer.from(basic, "base64").toString().split(":")[1] ?? BRANCH;
    const lease = door.leases.get(run);
    if (!lease) throw new Error(`There is no lease for ${run}.`);
    const pass = { app: "1", run, attempt: 1, expires: 4_000_000_000 };
    return { pass, lease, gone: new AbortController().signal, patiently: (ask) => ask() };
  };
  // What the route throws at once is a refusal like any other.
  const answered: typeof route.answer = async (...asked) => route.answer(...asked);
  const server = createServer((request, response) => {
    answered(visitOf(request), request, response).then(
      (told) => door.told.push(told),
      (error: unknown) => {
        door.told.push({ target: request.url ?? "", bytes: 0, why: String(error), verdict: "refused" });
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

function leaseOf(branch: string, token: string): Lease {
  return {
    run: branch,
    attempt: 1,
    purpose: "implement",
    repository: { id: 1, owner: "octo", name: "demo" },
    issue: 12,
    git: {
      ref: `refs/heads/${branch}`,
      known: ["refs/heads/main"],
      base: "refs/heads/main",
      mayTouch: [],
      protected: [],
    },
    llm: { models: ["m"], budget: 1 },
    hosts: [],
    token: sealToken(token, branch, KEY),
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
