import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refMoved } from "../acts/push.ts";
import type { RefMove } from "../acts/refs.ts";
import { viewerOf } from "../auth.ts";
import { GitHubError } from "../errors.ts";
import { reply } from "../http.ts";
import type { Answer } from "../http.ts";
import type { Repository } from "../model.ts";
import { needs } from "../needs.ts";
import { fullName, repositoryByName } from "../store.ts";
import { canSee, levelOf, may } from "../viewer.ts";
import type { Viewer } from "../viewer.ts";
import type { World } from "../world.ts";
import { hookVariables } from "./repository.ts";
import { cleanGitEnvironment } from "./run.ts";

const addresses = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Whether a path belongs to git's smart HTTP protocol. */
export function isGitPath(path: string): boolean {
  return addresses.test(path);
}

/** Serves clone, fetch and push by `git http-backend`; what a push moved has its consequences before it is answered. */
export async function serveGit(
  world: World,
  { request, response, url }: { request: IncomingMessage; response: ServerResponse; url: URL },
): Promise<void> {
  const [, owner = "", name = "", verb = ""] = addresses.exec(url.pathname) ?? [];
  const pushing = verb === "git-receive-pack" || url.searchParams.get("service") === "git-receive-pack";
  const admitted = admit(world, request, { owner, name, pushing });
  if ("status" in admitted) {
    reply(response, admitted);
    return;
  }
  const { viewer, repository } = admitted;
  const pushed = join(tmpdir(), `twin-push-${randomUUID()}`);
  const environment = {
    ...environmentOf(request, { repository, verb, url }),
    ...limitsOf(viewer, repository, pushed),
  };
  const dir = join(world.dir, "git");
  await runBackend(
    { request, response, environment: { ...environment, GIT_PROJECT_ROOT: dir } },
    async () => {
      for (const moved of await movesIn(pushed)) await refMoved(world, viewer, repository, moved);
      world.changed();
    },
  );
}

/** Who may go on, or the refusal as git clients show it. */
function admit(
  world: World,
  request: IncomingMessage,
  { owner, name, pushing }: { owner: string; name: string; pushing: boolean },
): { viewer: Viewer; repository: Repository } | Answer {
  const viewer = identify(world, request.headers.authorization);
  if (!viewer) return { status: 401, headers: basic, body: "Invalid username or token." };
  const repository = repositoryByName(world.state, owner, name);
  if (viewer.kind === "anonymous" && (pushing || !repository || repository.private))
    return { status: 401, headers: basic, body: "Authentication required." };
  if (!repository || !canSee(viewer, repository)) return { status: 404, body: "Repository not found." };
  if (may(viewer, repository, pushing ? needs.writeContents : needs.readContents))
    return { viewer, repository };
  const who = "account" in viewer ? viewer.account.login : viewer.kind;
  return { status: 403, body: `Permission to ${fullName(world.state, repository)}.git denied to ${who}.` };
}

const basic = { "www-authenticate": 'Basic realm="GitHub"' };

function identify(world: World, authorization: string | undefined): Viewer | undefined {
  try {
    return viewerOf(world, authorization);
  } catch (error) {
    if (error instanceof GitHubError) return undefined;
    throw error;
  }
}

/** https://git-scm.com/docs/git-http-backend#_environment */
function environmentOf(
  { method, headers }: IncomingMessage,
  { repository, verb, url }: { repository: Repository; verb: string; url: URL },
): Record<string, string> {
  const optional = {
    CONTENT_TYPE: headers["content-type"],
    CONTENT_LENGTH: headers["content-length"],
    HTTP_CONTENT_ENCODING: headers["content-encoding"],
    GIT_PROTOCOL: headers["git-protocol"]?.toString(),
  };
  const given = Object.entries(optional).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    ...cleanGitEnvironment,
    ...Object.fromEntries(given),
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: `/${repository.id}.git/${verb}`,
    QUERY_STRING: url.search.slice(1),
    REMOTE_USER: "twin",
    REQUEST_METHOD: method ?? "GET",
  };
}

function limitsOf(viewer: Viewer, repository: Repository, pushed: string): Record<string, string> {
  const bypasses = viewer.kind === "user" && levelOf(repository, viewer.account) === "admin";
  const refs = bypasses ? [] : repository.protections.map(({ branch }) => `refs/heads/${branch}`);
  const workflows = viewer.kind === "installation" && !may(viewer, repository, needs.writeWorkflows);
  return {
    [hookVariables.pushed]: pushed,
    [hookVariables.protectedRefs]: refs.join(" "),
    [hookVariables.noWorkflows]: workflows ? "1" : "",
  };
}

/** Runs the CGI program: its headers become the answer's, and `first` is done before the answer ends. */
function runBackend(
  {
    request,
    response,
    environment,
  }: { request: IncomingMessage; response: ServerResponse; environment: Record<string, string> },
  first: () => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["http-backend"], { env: environment, stdio: ["pipe", "pipe", "ignore"] });
    request.pipe(child.stdin);
    // It ends without reading everything when it refuses; the answer tells.
    child.stdin.on("error", () => {});
    response.on("close", () => child.kill());
    let head: Buffer | undefined = Buffer.alloc(0);
    child.stdout.on("data", (chunk: Buffer) => {
      if (head === undefined) {
        if (!response.write(chunk)) pause();
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      writeHead(response, head.subarray(0, end).toString("latin1"));
      response.write(head.subarray(end + 4));
      head = undefined;
    });
    const pause = () => {
      child.stdout.pause();
      response.once("drain", () => child.stdout.resume());
    };
    child.on("error", reject);
    child.on("close", () => {
      first()
        .finally(() => response.end())
        .then(resolve, reject);
    });
  });
}

function writeHead(response: ServerResponse, head: string): void {
  let status = 200;
  for (const line of head.split("\r\n")) {
    const [name, value] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()];
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
}

async function movesIn(file: string): Promise<RefMove[]> {
  const lines = await readFile(file, "utf8").catch(() => "");
  await rm(file, { force: true });
  return lines
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [before, after, ...ref] = line.split(" ");
      return { before: before!, after: after!, ref: ref.join(" ") };
    });
}
