import { readFileSync } from "node:fs";

import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { parse } from "yaml";

import { mintToken } from "../../twin/auth.ts";
import type { Account, Level, Repository } from "../../twin/model.ts";
import { asApp, installApp, newKey, registerApp } from "../../twin/setup/apps.ts";
import type { Manifest, RegisteredApp } from "../../twin/setup/apps.ts";
import { createAccount, createPerson, setLevel } from "../../twin/setup/people.ts";
import { createRepository } from "../../twin/setup/repositories.ts";
import { accountByLogin } from "../../twin/store.ts";
import { startTwin } from "../../twin/twin.ts";
import type { Twin } from "../../twin/twin.ts";

export const OWNER = "acme";
export const REPO = "teatime";
/** The parameters of every REST route on the scenario's repository. */
export const where = { owner: OWNER, repo: REPO };

/** What a scenario's GitHub may have otherwise than the others. */
export interface GitHubGiven {
  /** The first commit; null: the repository is empty. */
  files?: Record<string, string> | null;
  /** `.github/coxswain.yml`. */
  settings?: string;
  /** The app's manifest, where it isn't app.yml. */
  manifest?: Manifest;
  deleteBranchOnMerge?: boolean;
  /** Whether pull requests may be drafts there. */
  drafts?: boolean;
}

/** Somebody on the twin. */
export interface Person {
  login: string;
  token: string;
  octokit: Octokit;
}
export type People = Record<"admin" | "maintainer" | "triager" | "reader" | "stranger", Person>;

/** A twin with a repository, its people, and the app installed on it. */
export interface GitHub {
  twin: Twin;
  people: People;
  /** GitHub Actions, as far as a scenario needs it. */
  ci: Octokit;
  /** The app's own installation, for what the app itself would never do. */
  bot: Octokit;
  registered: RegisteredApp;
  /** Gives somebody another permission, as an admin does in the settings: it rings nothing. */
  level(person: Person, level: Level): void;
  /** Refuses requests: the next `times` whose method and path match `what`. */
  refuses(what: RegExp, how: { status: number; message: string; times: number }): void;
  /** A rule for merges into the branch, as an admin makes one in the settings. */
  protects(branch: string, rule: { requiredChecks?: string[]; requiredApprovals?: number }): void;
  /** Everything that anybody asked GitHub to change, as `POST /repos/…`; not tokens. */
  writes: string[];
  /** Where git goes. */
  gitUrl: string;
  /** A token of the app's installation, as an agent's pushes are made with. */
  pushToken(): string;
}

const APP_MANIFEST = parse(readFileSync(new URL("../../app.yml", import.meta.url), "utf8")) as Manifest;
const CI_MANIFEST: Manifest = {
  name: "GitHub Actions",
  default_permissions: { checks: "write", statuses: "write" },
};
const FILES = { "README.md": "# Teatime\n", "src/duration.js": "export const parse = (text) => 0;\n" };

/** One for all apps of all scenarios: it takes long to make. */
const KEY = newKey();

let opened = 0;

/** Sets one up in `dir`; the app's webhooks go to `hookUrl`. */
export async function openGitHub(given: GitHubGiven, dir: string, hookUrl: string): Promise<GitHub> {
  const twin = await startTwin({ dir });
  const { world } = twin;
  // Octokit's app authentication shares what it is fetching in all of a process, by the installation's id alone.
  world.state.ids.last += 1_000_000 * opened++;
  const owner = createAccount(world, { login: OWNER, type: "Organization", name: "Acme" });
  const repository = await repositoryOf(twin, owner, given);
  const apps = { owner, privateKey: KEY };
  const registered = registerApp(world, { ...apps, manifest: given.manifest ?? APP_MANIFEST, hookUrl });
  const runner = registerApp(world, { ...apps, manifest: CI_MANIFEST, hookUrl: null });
  for (const { app } of [registered, runner]) installApp(world, { app, account: owner, repositories: "all" });
  const accounts = peopleOf(twin, repository);
  return {
    twin,
    people: accounts,
    level(person, level) {
      const account = accountByLogin(world.state, person.login);
      if (account) setLevel(world, repository, { accountId: account.id, level });
    },
    protects: (branch, rule) =>
      void repository.protections.push({ branch, requiredChecks: [], requiredApprovals: 0, ...rule }),
    ci: octokitOf(twin, runner),
    bot: octokitOf(twin, registered),
    registered,
    ...watchRequests(twin),
    gitUrl: `${world.urls.web}/${OWNER}/${REPO}.git`,
    pushToken: () => {
      const { installation } = asApp(world, registered.app);
      const permissions = { contents: "write", metadata: "read" } as const;
      return mintToken(world, installation, { repositories: [repository.id], permissions }).secret;
    },
  };
}

function repositoryOf({ world }: Twin, owner: Account, given: GitHubGiven): Promise<Repository> {
  const files = given.files === undefined ? FILES : given.files;
  const settings = given.settings ? { ".github/coxswain.yml": given.settings } : {};
  return createRepository(world, {
    owner,
    name: REPO,
    ...(files ? { files: { ...files, ...settings } } : {}),
    settings: { deleteBranchOnMerge: given.deleteBranchOnMerge ?? false, drafts: given.drafts ?? true },
  });
}

function peopleOf({ world }: Twin, repository: Repository): People {
  const person = (name: string, level: Level): Person => {
    const { account, token } = createPerson(world, name);
    setLevel(world, repository, { accountId: account.id, level });
    return { login: name, token, octokit: new Octokit({ baseUrl: world.urls.api, auth: token, log: quiet }) };
  };
  return {
    admin: person("ada", "admin"),
    maintainer: person("mona", "write"),
    triager: person("tess", "triage"),
    reader: person("rita", "read"),
    stranger: person("sam", "none"),
  };
}

/** Octokit prints each refused request; a scenario says what it expects. */
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function octokitOf({ world }: Twin, { app, privateKey }: RegisteredApp): Octokit {
  const auth = { appId: app.id, privateKey, installationId: asApp(world, app).installation.id };
  return new Octokit({ baseUrl: world.urls.api, authStrategy: createAppAuth, auth, log: quiet });
}

/** Notes what is written, and refuses what is to be refused. */
function watchRequests({ world }: Twin): Pick<GitHub, "writes" | "refuses"> {
  const writes: string[] = [];
  const refusals: { what: RegExp; status: number; message: string; times: number }[] = [];
  world.faults.refuse = ({ method, path, body }) => {
    if (isWrite(method, path, body)) writes.push(`${method} ${path} ${JSON.stringify(body)}`);
    const refusal = refusals.find(({ what, times }) => times > 0 && what.test(`${method} ${path}`));
    if (!refusal) return undefined;
    refusal.times--;
    return { status: refusal.status, body: { message: refusal.message, status: String(refusal.status) } };
  };
  return { writes, refuses: (what, how) => void refusals.push({ what, ...how }) };
}

function isWrite(method: string, path: string, body: unknown): boolean {
  if (path === "/graphql") return /^\s*mutation\b/.test((body as { query?: string }).query ?? "");
  return method !== "GET" && !path.endsWith("/access_tokens");
}
