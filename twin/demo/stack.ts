import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { parse } from "yaml";

import { processCluster } from "../../jobs/run/cluster/process.ts";
import { installApp, registerApp } from "../setup/apps.ts";
import type { Manifest } from "../setup/apps.ts";
import { createAccount, createPerson, setLevel } from "../setup/people.ts";
import { createRepository } from "../setup/repositories.ts";
import { startTwin } from "../twin.ts";
import type { Twin } from "../twin.ts";
import { appProcess } from "./appProcess.ts";
import type { AppProcess } from "./appProcess.ts";
import { startCi } from "./ci.ts";
import { startModel } from "./model.ts";
import { PLAYS } from "./plays.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export interface StackOptions {
  tell(step: string): void;
  /** A real model in the place of the scripted one: `LLM_API_URL`, `LLM_API_KEY`, `LLM_MODEL`. */
  env: Record<string, string | undefined>;
  /** Which story it is for; the one of a single task if left out. */
  play?: keyof typeof PLAYS;
  /** The app's own settings, over the demo's. */
  settings?: Record<string, string>;
  /** Whether the changelog has its line already, so that no check fails. */
  noted?: boolean;
  /** Whether the app starts again when its code changes. */
  watch?: boolean;
}

/** Everything that the demo runs on, on this machine. */
export interface Stack {
  twin: Twin;
  dir: string;
  owner: string;
  repo: string;
  slug: string;
  tokens: { maintainer: string; reader: string };
  /** Where the app's webhooks go, and the gate. */
  webhooks: string;
  gate: string;
  log: string;
  /** The app's process, to kill it and start it again. */
  app: AppProcess;
  /** Ends all of it, agents too, and removes its folder. */
  stop(): Promise<void>;
}

const OWNER = "acme";
const REPO = "teatime";

/** Starts twin, model, CI and app; the app starts Redis and the gate. Throws, with the app's own words, if it doesn't start. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dir = await mkdtemp(join(tmpdir(), "coxswain-demo-"));
  // Agents run as users of their own, and have to get to their folders below this one.
  await chmod(dir, 0o711);
  const ends: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  try {
    const twin = await startTwin({ dir: join(dir, "github") });
    ends.push(() => twin.close());
    const { world } = twin;
    const owner = createAccount(world, { login: OWNER, type: "Organization", name: null });
    const [maintainer, reader] = [createPerson(world, "mona"), createPerson(world, "ida")];
    const repository = await createRepository(world, {
      owner,
      name: REPO,
      files: await filesOf(options),
    });
    setLevel(world, repository, { accountId: maintainer.account.id, level: "write" });
    setLevel(world, repository, { accountId: reader.account.id, level: "read" });

    const ci = registerApp(world, {
      owner,
      manifest: {
        name: "Small CI",
        default_permissions: { checks: "write", contents: "read" },
        default_events: ["push"],
      },
    });
    const { url } = await startCi({
      api: world.urls.api,
      web: world.urls.web,
      appId: ci.app.id,
      privateKey: ci.privateKey,
      secret: ci.webhookSecret,
      jobs: playOf(options).jobs,
      ended: ({ name, branch, passed }) =>
        options.tell(`  CI on ${branch}: ${name} ${passed ? "passed" : "failed"}`),
    }).then((started) => {
      ends.push(started.stop);
      return started;
    });
    ci.app.hook = { ...ci.app.hook, url };
    installApp(world, { app: ci.app, account: owner, repositories: "all" });

    const manifest = parse(await readFile(here("../../app.yml"), "utf8")) as Manifest;
    const registered = registerApp(world, { owner, manifest });
    await writeFile(join(dir, "app.pem"), registered.privateKey, { mode: 0o600 });
    const env = {
      APP_ID: String(registered.app.id),
      PRIVATE_KEY_PATH: join(dir, "app.pem"),
      WEBHOOK_SECRET: registered.webhookSecret,
      GITHUB_API_URL: world.urls.api,
      GITHUB_SERVER_URL: world.urls.web,
      COXSWAIN_DIR: join(dir, "coxswain"),
      PORT: "0",
      ...(await model(options, ends)),
      ...options.settings,
    };
    const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(join(dir, "app.env"), lines.join(""), { mode: 0o600 });
    const app = appProcess({
      log: join(dir, "app.log"),
      watch: options.watch ?? false,
      env,
      listens: (webhooks) => void (registered.app.hook = { ...registered.app.hook, url: webhooks }),
    });
    // The agents first: then the app ends the gate and Redis too.
    ends.push(
      () => app.end(),
      () => endRuns(join(dir, "coxswain")),
    );
    const { webhooks, gate } = await app.start();
    installApp(world, { app: registered.app, account: owner, repositories: "all" });
    return {
      twin,
      dir,
      owner: OWNER,
      repo: REPO,
      slug: registered.app.slug,
      tokens: { maintainer: maintainer.token, reader: reader.token },
      webhooks,
      gate,
      log: join(dir, "app.log"),
      app,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const playOf = ({ play = "task" }: StackOptions) => PLAYS[play];

/** The sample's files, by path. */
async function filesOf(options: StackOptions): Promise<Record<string, string>> {
  const folder = playOf(options).sample;
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = paths.map(async (path) => [relative(folder, path), await readFile(path, "utf8")] as const);
  const files = Object.fromEntries(await Promise.all(read));
  const changelog = files["CHANGELOG.md"] ?? "";
  return options.noted
    ? { ...files, "CHANGELOG.md": changelog.replace("## Unreleased", "## Unreleased\n\n- Long amounts.") }
    : files;
}

async function model(
  options: StackOptions,
  ends: (() => Promise<unknown>)[],
): Promise<Record<string, string>> {
  const { env } = options;
  if (env["LLM_API_URL"]) {
    return {
      LLM_API_URL: env["LLM_API_URL"],
      LLM_API_KEY: env["LLM_API_KEY"] ?? "",
      LLM_MODEL: env["LLM_MODEL"] ?? "",
    };
  }
  const scripted = await startModel(playOf(options).script);
  ends.push(scripted.stop);
  return { LLM_API_URL: scripted.url, LLM_API_KEY: "scripted", LLM_MODEL: "scripted" };
}

async function endRuns(dir: string): Promise<void> {
  const cluster = processCluster({ dir, gate: "" });
  const atWork = (await cluster.list()).filter((run) => run.state.kind === "running");
  await Promise.all(atWork.map((run) => cluster.stop(run.name, 500)));
}
