import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

/** What the planner sends to the model. */
interface ModelRequest {
  model: string;
  messages: { role: string; content: string | null; tool_calls?: unknown[]; tool_call_id?: string }[];
  tools: { function: { name: string } }[];
}

/** What the model's API answers: a message, or another status with its error. */
export type ModelAnswer =
  | { calls: { name: string; arguments: unknown }[] }
  | { content: string }
  | { status: number; body: unknown };

/** For tests of the planner: a gate with a real repository behind it, and a model that says what it is told to. */
export interface FakeGate {
  url: string;
  /** A folder for clones. */
  clones: string;
  /** The commit that holds `files`. */
  sha: string;
  requests: ModelRequest[];
  authorizations: Set<string>;
  answers: (request: ModelRequest, n: number) => ModelAnswer | Promise<ModelAnswer>;
  close(): Promise<void>;
}

/** A gate whose repository `o/r` has `files` in its one commit; a value of `-> x` makes a symbolic link. */
export async function fakeGate(files: Record<string, string | Buffer>): Promise<FakeGate> {
  const dir = mkdtempSync(join(tmpdir(), "plan-test-"));
  mkdirSync(join(dir, "clones"));
  const sha = commit(dir, files);
  const gate: FakeGate = {
    url: "",
    clones: join(dir, "clones"),
    sha,
    requests: [],
    authorizations: new Set(),
    answers: () => ({ status: 500, body: {} }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      rmSync(dir, { recursive: true });
    },
  };
  const server = createServer((request, response) => {
    gate.authorizations.add(request.headers.authorization ?? "");
    if (request.url!.startsWith("/git/")) serveGit(request, response, join(dir, "repositories"));
    else void serveModel(request, response, gate);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  gate.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return gate;
}

function commit(dir: string, files: Record<string, string | Buffer>): string {
  const env = {
    PATH: process.env["PATH"],
    GIT_DIR: join(dir, "repositories/o/r.git"),
    GIT_WORK_TREE: join(dir, "work"),
  };
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8", env }).trim();
  for (const [path, content] of Object.entries(files)) {
    const file = join(env.GIT_WORK_TREE, path);
    mkdirSync(dirname(file), { recursive: true });
    const link = /^-> (.*)$/.exec(String(content))?.[1];
    if (link) symlinkSync(link, file);
    else writeFileSync(file, content);
  }
  mkdirSync(dirname(env.GIT_DIR), { recursive: true });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all", "--force", "--", env.GIT_WORK_TREE);
  git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message=first");
  return git("rev-parse", "HEAD");
}

/** https://git-scm.com/docs/git-http-backend, as CGI. */
function serveGit(request: IncomingMessage, response: ServerResponse, root: string): void {
  const [path, query = ""] = request.url!.slice("/git".length).split("?");
  const backend = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
    },
  });
  request.pipe(backend.stdin);
  void (async () => {
    const chunks: Buffer[] = await backend.stdout.toArray();
    const printed = Buffer.concat(chunks);
    const end = printed.indexOf("\r\n\r\n");
    for (const line of String(printed.subarray(0, end)).split("\r\n")) {
      const [name, value] = line.split(": ") as [string, string];
      if (name === "Status") response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(printed.subarray(end + 4));
  })();
}

async function serveModel(request: IncomingMessage, response: ServerResponse, gate: FakeGate): Promise<void> {
  const asked = JSON.parse(await text(request)) as ModelRequest;
  gate.requests.push(asked);
  const answer = await gate.answers(asked, gate.requests.length);
  response.setHeader("content-type", "application/json");
  if ("status" in answer) {
    response.statusCode = answer.status;
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
    return;
  }
  const message =
    "content" in answer
      ? { role: "assistant", content: answer.content }
      : { role: "assistant", content: null, tool_calls: answer.calls.map(asCall) };
  const usage = { prompt_tokens: 90, completion_tokens: 10, total_tokens: 100 };
  response.end(
    JSON.stringify({ id: "c", object: "chat.completion", choices: [{ index: 0, message }], usage }),
  );
}

function asCall(call: { name: string; arguments: unknown }, at: number): unknown {
  const given = typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments);
  return { id: `call_${at}`, type: "function", function: { name: call.name, arguments: given } };
}
