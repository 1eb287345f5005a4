import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git, gitDir } from "../../git/run.ts";
import type { Account, App, Level, Permissions, Repository } from "../../model.ts";
import { emptyState, newId } from "../../store.ts";
import { insert } from "../../table.ts";
import type { Viewer } from "../../viewer.ts";
import { noFaults } from "../../world.ts";
import type { World } from "../../world.ts";

/** A world with one private repository, `acme/tool`, and somebody of each level. */
export interface Town {
  world: World;
  repository: Repository;
  /** A person by login: ada (admin), mia (write), tom (triage), rex, ann and bea (read), sam (nothing). */
  as: (login: string) => Extract<Viewer, { kind: "user" }>;
  /** The app's bot, with all that it was granted or with less. */
  asApp: (permissions?: Permissions) => Extract<Viewer, { kind: "installation" }>;
  /** Deletes the world's folder. */
  leave: () => void;
}

const levels = {
  ada: "admin",
  mia: "write",
  tom: "triage",
  rex: "read",
  ann: "read",
  bea: "read",
  sam: "none",
} as const satisfies Record<string, Level>;

/** What the app is granted. */
const everyPermission: Permissions = {
  metadata: "read",
  administration: "read",
  contents: "write",
  issues: "write",
  pull_requests: "write",
  checks: "write",
  statuses: "write",
  workflows: "write",
};

/** Builds a town in a folder of its own. */
export async function buildTown(): Promise<Town> {
  const world = emptyWorld();
  const acme = addAccount(world, "acme", "Organization");
  const people = Object.keys(levels).map((login) => addAccount(world, login, "User"));
  const repository = addRepository(world, acme, people);
  mkdirSync(gitDir(world, repository), { recursive: true });
  await git(gitDir(world, repository), ["init", "--quiet", "--bare", "--initial-branch=main"]);
  const asApp = addApp(world, acme);
  return {
    world,
    repository,
    as: (login) => ({ kind: "user", account: people.find((account) => account.login === login)! }),
    asApp: (permissions = everyPermission) => ({ ...asApp, permissions }),
    leave: () => rmSync(world.dir, { recursive: true, force: true }),
  };
}

function emptyWorld(): World {
  // Every look at the clock is a second later, so that what happens has an order.
  let clock = Date.UTC(2026, 0, 1);
  return {
    state: emptyState(),
    dir: mkdtempSync(join(tmpdir(), "twin-graphql-")),
    urls: { web: "http://git.test", api: "http://git.test/api/v3" },
    now: () => (clock += 1000),
    faults: noFaults(),
    emit: () => {},
    redeliver: () => {},
    changed: () => {},
  };
}

function addAccount({ state, now }: World, login: string, type: Account["type"]): Account {
  const email = type === "User" ? `${login}@acme.test` : null;
  return insert(state.accounts, { id: newId(state), login, type, name: null, email, createdAt: now() });
}

function addRepository({ state, now }: World, owner: Account, people: readonly Account[]): Repository {
  const at = now();
  return insert(state.repositories, {
    id: newId(state),
    ownerId: owner.id,
    name: "tool",
    description: "A tool",
    private: true,
    archived: false,
    defaultBranch: "main",
    mergeMethods: { merge: true, squash: true, rebase: true },
    deleteBranchOnMerge: false,
    drafts: true,
    protections: [],
    collaborators: people.map(({ id, login }) => ({
      accountId: id,
      level: levels[login as keyof typeof levels],
    })),
    nextNumber: 1,
    createdAt: at,
    updatedAt: at,
    pushedAt: at,
  });
}

function addApp(world: World, owner: Account): Extract<Viewer, { kind: "installation" }> {
  const { state } = world;
  const account = addAccount(world, "cox[bot]", "Bot");
  const app: App = insert(state.apps, {
    id: newId(state),
    slug: "cox",
    clientId: "Iv1.cox",
    name: "Cox",
    description: null,
    externalUrl: "http://cox.test",
    ownerId: owner.id,
    botId: account.id,
    publicKey: "",
    permissions: everyPermission,
    events: [],
    hook: { id: newId(state), url: null, secret: "" },
    createdAt: world.now(),
  });
  const installation = insert(state.installations, {
    id: newId(state),
    appId: app.id,
    accountId: owner.id,
    repositories: "all",
    permissions: everyPermission,
    events: [],
    suspendedAt: null,
    createdAt: world.now(),
  });
  return {
    kind: "installation",
    app,
    installation,
    account,
    repositories: "all",
    permissions: everyPermission,
  };
}
