import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import type { Repository } from "./model.ts";
import { asApp, installApp, newKey, registerApp } from "./setup/apps.ts";
import type { Manifest, RegisteredApp } from "./setup/apps.ts";
import { createPerson, setLevel } from "./setup/people.ts";
import { createRepository } from "./setup/repositories.ts";
import { startTwin } from "./twin.ts";
import type { Twin } from "./twin.ts";

/** A webhook as a receiver got it. */
interface Received {
  event: string;
  headers: IncomingHttpHeaders;
  text: string;
  payload: Record<string, unknown> & { action?: string };
}

/** A receiver of webhooks that keeps what it gets. */
export interface Receiver {
  url: string;
  received: Received[];
  /** `issues.labeled` and so on, in the order in which they came. */
  names: () => string[];
  answerWith: (status: number) => void;
  close: () => Promise<void>;
}

/** The usual permissions of the app in tests. */
export const usualManifest = {
  name: "Tester",
  default_permissions: {
    actions: "read",
    checks: "read",
    contents: "write",
    issues: "write",
    pull_requests: "write",
    statuses: "read",
  },
  default_events: [
    "check_run",
    "check_suite",
    "create",
    "delete",
    "issue_comment",
    "issues",
    "label",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_review_thread",
    "push",
    "status",
  ],
} as const satisfies Manifest;

/** Making one is the slowest part of a stage. */
const sharedKey = newKey();

/** Sets a twin up as tests want it: ada owns a repository, mona writes, rita reads, sam is a stranger; one app. */
export async function setStage({
  manifest = usualManifest,
  isPrivate = true,
  files = { "README.md": "# Sample\n", "src/sum.js": "export const sum = (a, b) => a - b;\n" },
}: { manifest?: Manifest; isPrivate?: boolean; files?: Record<string, string> } = {}) {
  const twin = await startTwin();
  const { world } = twin;
  const [ada, mona, rita, sam] = ["ada", "mona", "rita", "sam"].map((login) => createPerson(world, login));
  const owner = ada!.account;
  const settings = { private: isPrivate };
  const repository = await createRepository(world, { owner, name: "sample", files, settings });
  setLevel(world, repository, { accountId: mona!.account.id, level: "write" });
  setLevel(world, repository, { accountId: rita!.account.id, level: "read" });
  const receiver = await receive();
  const app = registerApp(world, { manifest, owner, hookUrl: receiver.url, privateKey: sharedKey });
  const installation = installApp(world, { app: app.app, account: owner, repositories: "all" });
  await twin.idle();
  receiver.received.length = 0;
  return {
    twin,
    world,
    repository,
    receiver,
    app,
    installation,
    people: { ada: ada!, mona: mona!, rita: rita!, sam: sam! },
    at: { owner: "ada", repo: "sample" },
    bot: asApp(world, app.app),
    close: async () => {
      await twin.close();
      await receiver.close();
    },
  };
}

/** Octokit with a token. */
export function withToken(twin: Twin, token?: string): Octokit {
  return new Octokit({
    baseUrl: twin.world.urls.api,
    log: silent,
    ...(token === undefined ? {} : { auth: token }),
  });
}

/** Octokit as an app: with a JWT, or, where an installation is named, with its tokens. */
export function asAppOctokit(
  twin: Twin,
  { app, privateKey }: RegisteredApp,
  installationId?: number,
): Octokit {
  const auth = { appId: app.id, privateKey, ...(installationId === undefined ? {} : { installationId }) };
  return new Octokit({ baseUrl: twin.world.urls.api, log: silent, authStrategy: createAppAuth, auth });
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The address that git clones from, with a token in it. */
export function gitUrl(twin: Twin, repository: Repository, token: string): string {
  const url = new URL(twin.world.urls.web);
  const owner = twin.world.state.accounts.rows.get(repository.ownerId)!.login;
  return `http://x-access-token:${token}@${url.host}/${owner}/${repository.name}.git`;
}

/** Starts a receiver of webhooks. */
export async function receive(): Promise<Receiver> {
  const received: Received[] = [];
  let status = 200;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const payload = JSON.parse(text) as Received["payload"];
      received.push({
        event: String(request.headers["x-github-event"]),
        headers: request.headers,
        text,
        payload,
      });
      response.writeHead(status).end("taken");
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    names: () =>
      received.map(({ event, payload }) => (payload.action ? `${event}.${payload.action}` : event)),
    answerWith: (code) => void (status = code),
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
