import { execFileSync, spawn } from "node:child_process";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** A GitHub that knows git alone: bare repositories behind one token. */
export interface Upstream {
  url: string;
  token: string;
  /** Requests that were let in, as `GET /octo/demo.git/info/refs?service=git-upload-pack`. */
  asked: string[];
  /** Answers everything with this status for as long as it is set. */
  status: number | null;
  /** Awaited before a request is answered, which it is given like one of `asked`, with its query. */
  before: ((request: string) => Promise<void>) | null;
  /** Sets or, with null, removes a hook of the repository; `script` is sh. */
  hook(name: string, script: string | null): void;
  close(): Promise<void>;
}

const TOKEN = "ghs_upstreamtokenupstreamtokenupstream";

/** Serves `<root>/<owner>/<name>.git` as GitHub does: everything that is reachable may be asked for, by filter too. */
export async function openUpstream(root: string, repository: string): Promise<Upstream> {
  const bare = join(root, `${repository}.git`);
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", bare]);
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const basic = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString("base64")}`;
    if (upstream.status) return void response.writeHead(upstream.status).end("Upstream is in a bad mood.");
    if (request.headers.authorization !== basic) return void response.writeHead(401).end("Bad credentials.");
    upstream.asked.push(`${request.method} ${request.url}`);
    await upstream.before?.(`${request.method} ${request.url}`);
    backend(root, request, response);
  };

  const upstream: Upstream = {
    url: "",
    token: TOKEN,
    asked: [],
    status: null,
    before: null,
    hook: (name, script) => {
      const path = join(bare, "hooks", name);
      rmSync(path, { force: true });
      if (script === null) return;
      writeFileSync(path, `#!/bin/sh\n${script}\n`);
      chmodSync(path, 0o755);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return upstream;
}

/** https://git-scm.com/docs/git-http-backend */
function backend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://upstream");
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"] ?? "",
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_COUNT: "2",
      GIT_CONFIG_KEY_0: "uploadpack.allowFilter",
      GIT_CONFIG_VALUE_0: "true",
      GIT_CONFIG_KEY_1: "uploadpack.allowReachableSHA1InWant",
      GIT_CONFIG_VALUE_1: "true",
      REMOTE_USER: "app",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      HTTP_GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  // A client that hangs up, or a git that needs no more, is no error of this server.
  child.stdin.on("error", () => {});
  request.pipe(child.stdin);
  let head = Buffer.alloc(0);
  const onHead = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    child.stdout.off("data", onHead);
    for (const line of head.subarray(0, end).toString().split("\r\n")) {
      const [name = "", value = ""] = line.split(/: (.*)/s);
      if (name === "Status") response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.write(head.subarray(end + 4));
    child.stdout.pipe(response);
  };
  child.stdout.on("data", onHead);
}
