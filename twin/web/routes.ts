import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { viewerOf } from "../auth.ts";
import { GitHubError, notFound } from "../errors.ts";
import type { Answer, Call, Route } from "../http.ts";
import type { Repository } from "../model.ts";
import { issueByNumber, repositoryByName } from "../store.ts";
import { canSee } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { issueAddress, repositoryAddress } from "./address.ts";
import { conversation } from "./conversation.ts";
import { list } from "./list.ts";
import { markup } from "./markup.ts";
import { page, repositoryPage } from "./page.ts";

const require = createRequire(import.meta.url);

/** What people look at in a browser: issues, pull requests, and lists of both. */
export const webRoutes: readonly Route[] = [
  asset("style.css", () => join(import.meta.dirname, "browser/style.css")),
  asset("draw.js", () => join(import.meta.dirname, "browser/draw.js")),
  asset("markdown.css", () => require.resolve("github-markdown-css/github-markdown.css")),
  asset("mermaid.js", () => require.resolve("mermaid/dist/mermaid.min.js")),
  {
    method: "GET",
    pattern: "/:owner/:repo",
    run: (call) => redirect(`${repositoryAddress(call.world, repositoryIn(call))}/issues`),
  },
  { method: "GET", pattern: "/:owner/:repo/issues", run: (call) => listed(call, "issues") },
  { method: "GET", pattern: "/:owner/:repo/pulls", run: (call) => listed(call, "pulls") },
  { method: "GET", pattern: "/:owner/:repo/issues/:number", run: shown },
  { method: "GET", pattern: "/:owner/:repo/pull/:number", run: shown },
];

/** Answers a request for a page; whoever isn't signed in may do so with any name and a token as the password. */
export async function answerPage(
  world: World,
  request: IncomingMessage,
  found: { route: Route; params: Record<string, string>; url: URL },
): Promise<Answer> {
  const { route, params, url } = found;
  let viewer: Viewer = { kind: "anonymous" };
  try {
    viewer = viewerOf(world, request.headers.authorization);
    const call = {
      world,
      viewer,
      params,
      path: url.pathname,
      query: url.searchParams,
      accept: "",
      body: undefined,
    };
    return await route.run(call);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const answer = page("Page not found", markup`<main><h1>${error.message}</h1></main>`, error.status);
    // GitHub has a page to sign in; a browser asks by itself.
    if (viewer.kind !== "anonymous") return answer;
    const challenge = { "www-authenticate": 'Basic realm="any name, and a token as the password"' };
    return { ...answer, status: 401, headers: { ...answer.headers, ...challenge } };
  }
}

function listed(call: Call, kind: "issues" | "pulls"): Answer {
  const { world, viewer } = call;
  const repository = repositoryIn(call);
  const title = kind === "pulls" ? "Pull requests" : "Issues";
  return repositoryPage(world, repository, { title, body: list({ world, viewer, repository }, kind) });
}

async function shown(call: Call): Promise<Answer> {
  const { world, viewer, path } = call;
  const repository = repositoryIn(call);
  const issue = issueByNumber(world.state, repository.id, Number(call.params["number"]));
  if (!issue) throw notFound();
  const address = issueAddress(world, issue);
  if (path.toLowerCase() !== address.toLowerCase()) return redirect(address);
  const body = await conversation({ world, viewer, repository }, issue);
  return repositoryPage(world, repository, { title: `${issue.title} · #${issue.number}`, body });
}

/** @throws GitHubError 404 for one that isn't there, or that the viewer can't see */
function repositoryIn({ world, viewer, params }: Call): Repository {
  const repository = repositoryByName(world.state, params["owner"]!, params["repo"]!);
  if (!repository || !canSee(viewer, repository)) throw notFound();
  return repository;
}

function redirect(location: string): Answer {
  return { status: 302, headers: { location } };
}

/** A file of this folder, or of a package: nothing is loaded from elsewhere. */
/** Looked for when it is asked for: the tests' image has no package that only draws. */
function asset(name: string, path: () => string): Route {
  const type = name.endsWith(".css") ? "text/css" : "text/javascript";
  const headers = { "content-type": `${type}; charset=utf-8`, "cache-control": "no-cache" };
  const run = async (): Promise<Answer> => ({ status: 200, headers, body: await readFile(path()) });
  return { method: "GET", pattern: `/_web/${name}`, run };
}
