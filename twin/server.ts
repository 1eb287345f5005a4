import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { adminRoutes } from "./admin.ts";
import { viewerOf } from "./auth.ts";
import { callerName } from "./calls.ts";
import type { ApiCall } from "./calls.ts";
import { GitHubError } from "./errors.ts";
import { isGitPath, serveGit } from "./git/serve.ts";
import { executeGraphql } from "./graphql/execute.ts";
import { readJson, refusalAnswer, reply, router } from "./http.ts";
import type { Answer, Call } from "./http.ts";
import { rateHeaders, spendCall } from "./rate.ts";
import type { Resource } from "./rate.ts";
import { enter } from "./secondary.ts";
import { restRoutes } from "./rest/routes.ts";
import type { Twin } from "./twin.ts";
import type { Viewer } from "./viewer.ts";
import { answerPage, webRoutes } from "./web/routes.ts";
import type { World } from "./world.ts";

/** The HTTP side of a twin: `/api/v3`, `/api/graphql`, git, `/_twin`, and the pages that people look at. */
export function serve(twin: Twin): Server {
  const findRest = router(restRoutes);
  const findAdmin = router(adminRoutes(twin));
  const findPage = router(webRoutes);
  return createServer((request, response) => {
    answer(twin, { request, response, findRest, findAdmin, findPage }).catch((error: unknown) => {
      process.stderr.write(
        `${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}\n`,
      );
      if (response.headersSent) response.destroy();
      else reply(response, { status: 500, body: { message: "The twin failed", error: String(error) } });
    });
  });
}

function acceptOf({ headers }: IncomingMessage): string {
  return headers.accept ?? "*/*";
}

type Find = ReturnType<typeof router>;
interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  findRest: Find;
  findAdmin: Find;
  findPage: Find;
}

async function answer(twin: Twin, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const url = new URL(request.url ?? "/", twin.world.urls.web);
  if (isGitPath(url.pathname)) return serveGit(twin.world, { request, response, url });
  if (url.pathname.startsWith("/_twin/")) return answerAdmin(twin, exchange, url);
  if (url.pathname === "/api/graphql") return answerApi(twin, exchange, url, graphql);
  if (url.pathname.startsWith("/api/v3"))
    return answerApi(twin, exchange, url, (call) => rest(exchange.findRest, call));
  const found = exchange.findPage(request.method ?? "GET", url.pathname);
  if (found) return reply(response, await answerPage(twin.world, request, { ...found, url }));
  reply(response, { status: 501, body: `The twin has no such page: ${request.method} ${url.pathname}` });
}

type ApiRequest = Omit<Call, "params"> & { method: string };
type ApiAnswer = Answer & { kind: ApiCall["kind"]; route: string; resource: Resource };

async function answerApi(
  twin: Twin,
  { request, response }: Exchange,
  url: URL,
  run: (call: ApiRequest) => Promise<ApiAnswer>,
): Promise<void> {
  const { world } = twin;
  const method = request.method ?? "GET";
  const path = url.pathname.replace(/^\/api(\/v3)?/, "") || "/";
  const { viewer, found } = await attempt(world, request, async (viewer) => {
    const body = await readJson(request);
    const refusal = world.faults.refuse({ method, path, body });
    if (refusal) return { ...refusal, kind: "rest", route: `${method} ${path}`, resource: "core" };
    const leave = world.faults.secondaryLimits ? enter(world, viewer, { method, path, body }) : () => {};
    try {
      return await run({
        world,
        viewer,
        path,
        query: url.searchParams,
        accept: acceptOf(request),
        body,
        method,
      });
    } finally {
      leave();
    }
  });
  if (method !== "GET") world.changed();
  const { kind = "rest", route = `${method} ${path}`, resource = "core", ...plain } = found;
  twin.calls.push({ kind, method, route, by: callerName(viewer), status: plain.status, at: world.now() });
  const headers = {
    ...rateHeaders(world, viewer, resource),
    "x-github-media-type": "github.v3; format=json",
  };
  reply(response, { ...plain, headers: { ...headers, ...plain.headers } });
}

async function attempt(
  world: World,
  request: IncomingMessage,
  run: (viewer: Viewer) => Promise<ApiAnswer>,
): Promise<{ viewer: Viewer; found: Answer & Partial<ApiAnswer> }> {
  let viewer: Viewer = { kind: "anonymous" };
  try {
    if (world.faults.delayMs > 0) await sleep(world.faults.delayMs);
    viewer = viewerOf(world, request.headers.authorization);
    return { viewer, found: await run(viewer) };
  } catch (error) {
    return { viewer, found: refusalAnswer(error) };
  }
}

async function rest(find: Find, call: ApiRequest): Promise<ApiAnswer> {
  const found = find(call.method, call.path);
  const route = `${call.method} ${found?.route.pattern ?? call.path}`;
  const kind = route.endsWith("/access_tokens") ? "token" : "rest";
  const about = { kind, route, resource: "core" } as const;
  if (!found) return { ...about, ...notThere(call) };
  try {
    // Asking what is left costs nothing.
    if (call.path !== "/rate_limit") spendCall(call.world, call.viewer);
    return { ...(await found.route.run({ ...call, params: found.params })), ...about };
  } catch (error) {
    return { ...refusalAnswer(error), ...about };
  }
}

function notThere({ method, path }: ApiRequest): Answer {
  return { status: 501, body: { message: `The twin has no ${method} ${path}`, status: "501" } };
}

async function graphql(call: ApiRequest): Promise<ApiAnswer> {
  const about = { kind: "graphql", route: "POST /graphql", resource: "graphql" } as const;
  try {
    if (call.method !== "POST") throw new GitHubError(404, "Not Found");
    const body = await executeGraphql(call.world, call.viewer, call.body ?? {});
    return { status: 200, body, ...about };
  } catch (error) {
    return { ...refusalAnswer(error), ...about };
  }
}

async function answerAdmin(twin: Twin, { request, response, findAdmin }: Exchange, url: URL): Promise<void> {
  const method = request.method ?? "GET";
  const found = findAdmin(method, url.pathname);
  const viewer: Viewer = { kind: "anonymous" };
  const call = {
    world: twin.world,
    viewer,
    path: url.pathname,
    query: url.searchParams,
    accept: acceptOf(request),
  };
  try {
    if (!found) throw new GitHubError(501, `The twin has no ${method} ${url.pathname}`);
    const body = await readJson(request);
    reply(response, await found.route.run({ ...call, params: found.params, body }));
    twin.world.changed();
  } catch (error) {
    reply(response, refusalAnswer(error));
  }
}
