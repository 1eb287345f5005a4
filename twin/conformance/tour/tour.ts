import { Octokit } from "@octokit/rest";
import { createAppAuth } from "@octokit/auth-app";
import { events } from "../../hooks/events.ts";
import { receive } from "../../stage.ts";
import type { Receiver } from "../../stage.ts";
import { installApp, registerApp } from "../../setup/apps.ts";
import type { Manifest, RegisteredApp } from "../../setup/apps.ts";
import { createAccount, createPerson, setLevel } from "../../setup/people.ts";
import type { Person } from "../../setup/people.ts";
import { createRepository } from "../../setup/repositories.ts";
import type { Account, Installation } from "../../model.ts";
import { startTwin } from "../../twin.ts";
import type { Twin } from "../../twin.ts";

/** A twin that is walked through from end to end, and what it answered and sent on the way. */
export interface Tour {
  twin: Twin;
  receiver: Receiver;
  owner: Account;
  at: { owner: string; repo: string };
  registered: RegisteredApp;
  installation: Installation;
  /** By login: ada owns, mona writes, rita reads. */
  people: Record<"ada" | "mona" | "rita", Person>;
  ada: Octokit;
  mona: Octokit;
  rita: Octokit;
  /** The app, by its JWT. */
  app: Octokit;
  /** The app in its installation. */
  bot: Octokit;
  /** Anybody, by a token; without one, anonymous. */
  as: (token?: string) => Octokit;
  answers: Answered[];
  close: () => Promise<void>;
}

/** What the API answered. */
export interface Answered {
  method: string;
  path: string;
  status: number;
  headers: Readonly<Record<string, string | number | undefined>>;
  body: unknown;
}

const text = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join("");

/** Starts a twin with a repository of a person or an organization, people, and an app that may do everything. */
export async function startTour(ownerType: "User" | "Organization"): Promise<Tour> {
  const twin = await startTwin();
  const { world } = twin;
  const [ada, mona, rita] = ["ada", "mona", "rita"].map((login) => createPerson(world, login));
  const people = { ada: ada!, mona: mona!, rita: rita! };
  const owner =
    ownerType === "User"
      ? ada!.account
      : createAccount(world, { login: "acme", type: "Organization", name: null });
  const files = { "README.md": "# Sample\n", "src/text.txt": text };
  const repository = await createRepository(world, { owner, name: "sample", files });
  setLevel(world, repository, { accountId: ada!.account.id, level: "admin" });
  setLevel(world, repository, { accountId: mona!.account.id, level: "write" });
  setLevel(world, repository, { accountId: rita!.account.id, level: "read" });
  const receiver = await receive();
  const registered = registerApp(world, { manifest, owner, hookUrl: receiver.url });
  const installation = installApp(world, { app: registered.app, account: owner, repositories: "all" });
  const answers: Answered[] = [];
  const appAuth = { appId: registered.app.id, privateKey: registered.privateKey };
  const client = (auth: Client) => witnessed(twin, answers, auth);
  return {
    twin,
    receiver,
    owner,
    at: { owner: owner.login, repo: "sample" },
    registered,
    installation,
    people,
    ada: client({ auth: people.ada.token }),
    mona: client({ auth: people.mona.token }),
    rita: client({ auth: people.rita.token }),
    app: client({ authStrategy: createAppAuth, auth: appAuth }),
    bot: client({ authStrategy: createAppAuth, auth: { ...appAuth, installationId: installation.id } }),
    as: (token) => client(token === undefined ? {} : { auth: token }),
    answers,
    close: async () => {
      await twin.close();
      await receiver.close();
    },
  };
}

const manifest: Manifest = {
  name: "Tourist",
  default_permissions: {
    actions: "read",
    checks: "write",
    contents: "write",
    issues: "write",
    pull_requests: "write",
    statuses: "write",
  },
  // Every app hears of its installations unasked.
  default_events: Object.keys(events).filter((event) => event !== "installation"),
};

type Client = Pick<NonNullable<ConstructorParameters<typeof Octokit>[0]>, "auth" | "authStrategy">;

function witnessed(twin: Twin, answers: Answered[], auth: Client): Octokit {
  // Where GitHub redirects to is no answer of its API.
  const octokit = new Octokit({
    baseUrl: twin.world.urls.api,
    log: silent,
    request: { redirect: "manual" },
    ...auth,
  });
  octokit.hook.wrap("request", async (ask, options) => {
    const note = (response: { url: string; status: number; headers: Answered["headers"]; data: unknown }) => {
      const path = new URL(response.url).pathname.replace(/^\/api(\/v3)?/, "") || "/";
      answers.push({
        method: options.method,
        path,
        status: response.status,
        headers: response.headers,
        body: response.data,
      });
    };
    try {
      const response = await ask(options);
      note(response);
      return response;
    } catch (error) {
      const { response } = error as { response?: Parameters<typeof note>[0] };
      if (response) note(response);
      throw error;
    }
  });
  return octokit;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
