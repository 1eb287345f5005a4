import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { pino } from "pino";
import type { Logger } from "pino";
import { createNodeMiddleware, Probot, ProbotOctokit } from "probot";

import type { Bell } from "./bell.ts";
import type { WriteBucket } from "./bucket.ts";
import type { Environment } from "./config/environment.ts";
import { installation, isStatus, wordsOf } from "./github.ts";
import type { Installation } from "./github.ts";
import { ringOnWebhooks } from "./webhooks.ts";

export const WEBHOOK_PATH = "/api/github/webhooks";

/** Signed payloads are small; GitHub's own limit is 25 MB, and one that is said to be larger isn't GitHub's. */
const HEADERS_MS = 10_000;

/** Runs of one repository that start this close together share a token: it lives an hour, and leases renew theirs at 45 minutes. */
const MINTED_MS = 10 * 60_000;

/** The GitHub App: what it is, its installations, and the server that GitHub's webhooks reach. */
export interface GitHubApp {
  id: number;
  /** Of its name in addresses and mentions: `coxswain`, whose bot is `coxswain[bot]`. */
  slug: string;
  /** What it writes there goes through `bucket`. */
  github(installationId: number, bucket: WriteBucket): Promise<Installation>;
  /** Every repository of every installation. */
  places(): Promise<{ installationId: number; owner: string; name: string }[]>;
  /** A token for one repository, with `contents` read or write and nothing else; it lives for 50 minutes at least. */
  mint(of: { installationId: number; repositoryId: number; write: boolean }): Promise<string>;
  /** Answers webhooks from now on, and tells `heard` of each event whose signature is good; returns the port. */
  listen(bell: Bell, heard: (event: string) => void): Promise<number>;
  close(): Promise<void>;
}

const MOST_WORDS = 200;

/** GitHub doesn't answer as it should, which passes by itself. */
export class GitHubAway extends Error {
  override name = "GitHubAway";
}

/** The app that `environment` describes. Throws where GitHub doesn't know it or its key, or is away (`GitHubAway`). */
export async function openGitHubApp(environment: Environment, log: Logger): Promise<GitHubApp> {
  const probot = new Probot({
    appId: environment.appId,
    privateKey: environment.privateKeys.current,
    secret: environment.webhookSecret,
    baseUrl: environment.github.api,
    // Our bucket counts writes for all replicas together; a second throttle would only hold them back.
    // A function: Probot's own options would overwrite a plain object's.
    Octokit: ProbotOctokit.defaults((given: object) => ({ ...given, throttle: { enabled: false } })),
    log: quiet(log),
  });
  const asApp = await probot.auth();
  const slug = await slugOf(environment, asApp);
  let server: Server | null = null;
  const minted = new Map<string, { token: Promise<string>; at: number }>();
  return {
    id: environment.appId,
    slug,
    github: async (id, bucket) => installation(id, await probot.auth(id), bucket),
    async places() {
      const installations = await asApp.paginate("GET /app/installations", { per_page: 100 });
      const active = installations.filter((each) => each.suspended_at === null);
      const lists = await Promise.all(
        active.map(async ({ id }) => {
          const octokit = await probot.auth(id);
          const repositories = await octokit.paginate("GET /installation/repositories", { per_page: 100 });
          return repositories.map((each) => ({
            installationId: id,
            owner: each.owner.login,
            name: each.name,
          }));
        }),
      );
      return lists.flat();
    },
    async mint(of) {
      const key = JSON.stringify(of);
      const last = minted.get(key);
      if (last && Date.now() - last.at < MINTED_MS) return last.token;
      for (const [old, { at }] of minted) if (Date.now() - at >= MINTED_MS) minted.delete(old);
      const { installationId, repositoryId, write } = of;
      const asked = asApp.request("POST /app/installations/{installation_id}/access_tokens", {
        installation_id: installationId,
        repository_ids: [repositoryId],
        permissions: { contents: write ? "write" : "read" },
      });
      // Kept at once: the runs of a plan begin together.
      const token = asked.then(({ data }) => data.token);
      minted.set(key, { token, at: Date.now() });
      token.catch(() => minted.get(key)?.token === token && minted.delete(key));
      return token;
    },
    async listen(bell, heard) {
      const take = (app: Probot): void => {
        app.onAny(({ name }) => heard(name));
        ringOnWebhooks(app, bell, slug);
      };
      const middleware = await createNodeMiddleware(take, { probot, webhooksPath: WEBHOOK_PATH });
      const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        const done = await middleware(request, response);
        if (!done && !response.headersSent) response.writeHead(404).end("Not found.\n");
      };
      server = createServer((request, response) => {
        if (request.url === "/health") return void response.end("ok\n");
        void answer(request, response);
      });
      server.headersTimeout = HEADERS_MS;
      server.requestTimeout = HEADERS_MS;
      const listening = server;
      await new Promise<void>((resolve, reject) => {
        listening.once("error", reject).listen(environment.port, environment.host, resolve);
      });
      return (listening.address() as AddressInfo).port;
    },
    async close() {
      const listening = server;
      if (listening) await new Promise((resolve) => listening.close(resolve));
    },
  };
}

/** Asks once: whoever waits for an answer wants to hear why there is none. */
async function slugOf(
  { appId, github: { api } }: Environment,
  asApp: InstanceType<typeof ProbotOctokit>,
): Promise<string> {
  const unknown = `${api} knows no app ${appId}: check APP_ID and GITHUB_API_URL.`;
  try {
    const { data: app } = await asApp.request("GET /app", { request: { retries: 0 } });
    if (!app?.slug) throw new Error(unknown);
    return app.slug;
  } catch (error) {
    if (!(error instanceof Error) || !("status" in error)) throw error;
    if (isStatus(error, 404)) throw new Error(unknown, { cause: error });
    // It may be a page: GitHub's for a failure of its own is one.
    const words = wordsOf(error).replace(/\s+/g, " ").slice(0, MOST_WORDS).replace(/\.$/, "");
    if (isStatus(error, 401))
      throw new Error(
        `${api} refuses the private key of app ${appId}: ${words}. Check APP_ID, and that PRIVATE_KEY is one of that app's.`,
        { cause: error },
      );
    // Octokit gives an error of the network a status, too.
    const how =
      "response" in error && error.response ? `answers with ${String(error.status)}` : "can't be reached";
    throw new GitHubAway(`${api} ${how}: ${words}`, { cause: error });
  }
}

/** Probot logs a forged webhook with its whole payload, twice: here it is a sentence. */
function quiet(log: Logger): Logger {
  return pino(
    {
      level: log.level === "silent" ? "silent" : "warn",
      hooks: {
        logMethod(given, method) {
          const said = given
            .map((each: unknown) => (each instanceof Error ? each.message : each))
            .find((each) => typeof each === "string");
          method.apply(this, [
            { from: "probot" },
            typeof said === "string" ? said.slice(0, 500) : "a webhook was refused",
          ]);
        },
      },
    },
    { write: (line: string) => log.warn(JSON.parse(line) as object, "probot") },
  );
}
