import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { Queue } from "bullmq";
import { parse } from "yaml";

import type { Environment } from "../../app/config/environment.ts";
import { startApp } from "../../app/main.ts";
import type { App } from "../../app/main.ts";
import { asApp, installApp, registerApp } from "../../twin/setup/apps.ts";
import type { Manifest, RegisteredApp } from "../../twin/setup/apps.ts";
import { mintToken } from "../../twin/auth.ts";
import { createAccount, createPerson, setLevel } from "../../twin/setup/people.ts";
import { createRepository } from "../../twin/setup/repositories.ts";
import type { Level } from "../../twin/model.ts";
import { startTwin } from "../../twin/twin.ts";
import type { Twin } from "../../twin/twin.ts";
import { openClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { memoryCluster } from "./cluster.ts";
import type { MemoryCluster } from "./cluster.ts";
import { openLog } from "./log.ts";
import type { Log } from "./log.ts";
import { scriptedPlanner } from "./planner.ts";
import type { ScriptedPlanner } from "./planner.ts";
import { openPost } from "./post.ts";
import type { Post, Trouble } from "./post.ts";

export const OWNER = "acme";
export const REPO = "teatime";
const where = { owner: OWNER, repo: REPO };

/** What a scenario may have otherwise than the others. */
export interface Given {
  /** The first commit; null: the repository is empty. */
  files?: Record<string, string> | null;
  /** `.github/coxswain.yml`. */
  settings?: string;
  issue?: { title: string; body: string };
  /** The app's manifest, where it isn't app.yml. */
  manifest?: Manifest;
  deleteBranchOnMerge?: boolean;
  trouble?: Trouble;
}

/** Somebody on the twin. */
export interface Person {
  login: string;
  token: string;
  octokit: Octokit;
}
export type People = Record<"admin" | "maintainer" | "triager" | "reader" | "stranger", Person>;

/** One world: a twin, a Redis and the app, with the planner and the crew replaced. */
export interface Stage {
  twin: Twin;
  app: App;
  clock: Clock;
  post: Post;
  log: Log;
  planner: ScriptedPlanner;
  cluster: MemoryCluster;
  people: People;
  /** GitHub Actions, as far as a scenario needs it. */
  ci: Octokit;
  /** The app's own installation, for what the app itself would never do. */
  bot: Octokit;
  /** The app's queues. */
  queues: Record<"advance" | "alarm" | "run", Queue>;
  registered: RegisteredApp;
  /** Everything that anybody asked GitHub to change, as `POST /repos/…`; not tokens. */
  writes: string[];
  /** Where git goes. */
  gitUrl: string;
  /** A token of the app's installation, as an agent's pushes are made with. */
  pushToken(): string;
  close(): Promise<void>;
}

const APP_MANIFEST = parse(
  readFileSync(new URL("../../app.yml", import.meta.url), "utf8"),
) as Required<Pick<Manifest, "default_permissions" | "default_events">> & Manifest;

const CI_MANIFEST: Manifest = {
  name: "GitHub Actions",
  default_permissions: { checks: "write", statuses: "write" },
};
/** Nothing listens there. */
const NOWHERE = "http://127.0.0.1:9";
const FILES = { "README.md": "# Teatime\n", "src/duration.js": "export const parse = (text) => 0;\n" };

let stages = 0;

/** Sets one up. */
export async function openStage(given: Given): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), "stage-"));
  const clock = openClock();
  const log = openLog();
  const twin = await startTwin({ dir: join(dir, "twin") });
  // Octokit's app authentication shares what it is fetching in all of a process, by the installation's id alone.
  twin.world.state.ids.last += 1_000_000 * stages++;
  const post = await openPost(given.trouble ?? null);
  const owner = createAccount(twin.world, { login: OWNER, type: "Organization", name: "Acme" });
  const files = given.files === undefined ? FILES : given.files;
  const settings = given.settings ? { ".github/coxswain.yml": given.settings } : {};
  const repository = await createRepository(twin.world, {
    owner,
    name: REPO,
    ...(files ? { files: { ...files, ...settings } } : {}),
    settings: { deleteBranchOnMerge: given.deleteBranchOnMerge ?? false },
  });
  const person = (login: string, level: Level): Person => {
    const { account, token } = createPerson(twin.world, login);
    setLevel(twin.world, repository, { accountId: account.id, level });
    return { login, token, octokit: new Octokit({ baseUrl: twin.world.urls.api, auth: token, log: quiet }) };
  };
  const people: People = {
    admin: person("ada", "admin"),
    maintainer: person("mona", "write"),
    triager: person("tess", "triage"),
    reader: person("rita", "read"),
    stranger: person("sam", "none"),
  };
  const register = (manifest: Manifest, hookUrl: string | null) => {
    const registered = registerApp(twin.world, { manifest, owner, hookUrl });
    const { id } = installApp(twin.world, { app: registered.app, account: owner, repositories: "all" });
    return { ...registered, installationId: id };
  };
  const registered = register(given.manifest ?? APP_MANIFEST, post.url);
  const runner = register(CI_MANIFEST, null);
  const planner = scriptedPlanner();
  const cluster = memoryCluster(clock.now);
  const environment = environmentOf(twin, registered, dir);
  const app = await startApp(environment, {
    cluster: cluster.cluster,
    planner,
    clock: clock.now,
    log: log.logger,
  });
  post.leadsTo(app.webhooks);
  const writes: string[] = [];
  twin.world.faults.refuse = (call) => {
    if (isWrite(call)) writes.push(`${call.method} ${call.path} ${JSON.stringify(call.body)}`);
    return undefined;
  };
  const home = { connection: { url: join(dir, "redis", "redis.sock") }, prefix: `${app.ports.prefix}:bull` };
  const queues = {
    advance: new Queue("advance", home),
    alarm: new Queue("alarm", home),
    run: new Queue("run", home),
  };
  for (const queue of Object.values(queues)) queue.on("error", () => {});
  return {
    twin,
    app,
    clock: {
      now: clock.now,
      skip(ms) {
        clock.skip(ms);
        twin.advance(ms);
      },
    },
    post,
    log,
    planner,
    cluster,
    people,
    ci: octokitOf(twin, runner),
    bot: octokitOf(twin, registered),
    queues,
    registered,
    writes,
    gitUrl: `${twin.world.urls.web}/${OWNER}/${REPO}.git`,
    pushToken: () => {
      const { installation } = asApp(twin.world, registered.app);
      const permissions = { contents: "write", metadata: "read" } as const;
      return mintToken(twin.world, installation, { repositories: [repository.id], permissions }).secret;
    },
    async close() {
      await post.close();
      await Promise.all(Object.values(queues).map((queue) => queue.close()));
      // What is still at work would keep Redis up.
      for (const run of await cluster.cluster.list()) await cluster.cluster.stop(run.name, 0);
      await app.close();
      await twin.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export { where };

function isWrite({ method, path, body }: { method: string; path: string; body: unknown }): boolean {
  if (path === "/graphql") return /^\s*mutation\b/.test((body as { query?: string }).query ?? "");
  return method !== "GET" && !path.endsWith("/access_tokens");
}

/** Octokit prints each refused request; a scenario says what it expects. */
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function octokitOf({ world }: Twin, of: RegisteredApp & { installationId: number }): Octokit {
  const { app, privateKey, installationId } = of;
  const auth = { appId: app.id, privateKey, installationId };
  return new Octokit({ baseUrl: world.urls.api, authStrategy: createAppAuth, auth, log: quiet });
}

function environmentOf(twin: Twin, registered: RegisteredApp, dir: string): Environment {
  return {
    appId: registered.app.id,
    privateKey: registered.privateKey,
    webhookSecret: registered.webhookSecret,
    github: { api: twin.world.urls.api, server: twin.world.urls.web },
    host: "127.0.0.1",
    port: 0,
    redisUrl: undefined,
    gateUrl: NOWHERE,
    llm: { url: `${NOWHERE}/v1`, key: "none", model: "scripted" },
    dir,
    unsafeProcess: false,
    // It is held still: a scenario that wants it sweeps by itself.
    sweepSeconds: 86_400,
    logLevel: "info",
  };
}
