import { readFile } from "node:fs/promises";

import { Octokit } from "@octokit/rest";
import { Probot, ProbotOctokit } from "probot";
import { parse } from "yaml";

import { installation } from "../app/github.ts";
import type { Installation } from "../app/github.ts";
import type { Repository } from "../twin/model.ts";
import { installApp, registerApp } from "../twin/setup/apps.ts";
import type { Manifest } from "../twin/setup/apps.ts";
import { createAccount, createPerson, setLevel } from "../twin/setup/people.ts";
import { createRepository } from "../twin/setup/repositories.ts";
import { startTwin } from "../twin/twin.ts";
import type { Twin } from "../twin/twin.ts";

/** The parameters of every REST route on the repository. */
export const where = { owner: "acme", repo: "teatime" };

/** The app installed on a repository of a twin, without the app's processes: for what reads and writes GitHub. */
export interface TestInstallation {
  twin: Twin;
  repository: Repository;
  app: { id: number; slug: string };
  /** Without a bucket. */
  github: Installation;
  /** The same, for what a test does itself. */
  bot: ProbotOctokit;
  /** Somebody with write permission. */
  mona: Octokit;
}

let branches = 0;

/** Makes a branch with one commit. Returns its name. */
export async function branchWith({ mona }: TestInstallation, content: string): Promise<string> {
  const branch = `agent/12/task-${++branches}`;
  const { data: main } = await mona.rest.git.getRef({ ...where, ref: "heads/main" });
  await mona.rest.git.createRef({ ...where, ref: `refs/heads/${branch}`, sha: main.object.sha });
  await mona.rest.repos.createOrUpdateFileContents({
    ...where,
    path: `${branch}.txt`,
    message: "Work",
    content: Buffer.from(content).toString("base64"),
    branch,
  });
  return branch;
}

/** The app opens a pull request of a new branch. */
export async function openedPull(of: TestInstallation, draft = false) {
  const head = await branchWith(of, "Tea\n");
  const { data } = await of.bot.rest.pulls.create({ ...where, head, base: "main", title: "Tea", draft });
  const { number, node_id: nodeId, title } = data;
  return { number, nodeId, title, branch: head, draft: data.draft ?? false, head: data.head.sha };
}

/** Octokit prints each refused request; a test says what it expects. */
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Starts a twin with one repository and installs the app on it, as app.yml has it. */
export async function openInstallation(): Promise<TestInstallation> {
  const twin = await startTwin();
  const { world } = twin;
  const owner = createAccount(world, { login: where.owner, type: "Organization", name: null });
  const files = { "README.md": "# Tea\n" };
  const repository = await createRepository(world, { owner, name: where.repo, files });
  const manifest = parse(await readFile(new URL("../app.yml", import.meta.url), "utf8")) as Manifest;
  const { app, privateKey, webhookSecret } = registerApp(world, { manifest, owner });
  const { id } = installApp(world, { app, account: owner, repositories: "all" });
  const unhurried = { log: quiet, retry: { enabled: false }, throttle: { enabled: false } };
  const probot = new Probot({
    appId: app.id,
    privateKey,
    secret: webhookSecret,
    baseUrl: world.urls.api,
    logLevel: "fatal",
    Octokit: ProbotOctokit.defaults((given: object) => ({ ...given, ...unhurried })),
  });
  const bot = await probot.auth(id);
  const person = createPerson(world, "mona");
  setLevel(world, repository, { accountId: person.account.id, level: "write" });
  const mona = new Octokit({ baseUrl: world.urls.api, auth: person.token, log: quiet });
  return { twin, repository, app, bot, mona, github: installation(id, bot, { take: async () => {} }) };
}
