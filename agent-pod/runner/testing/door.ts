import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Note } from "../../contract/notes.ts";

/** A stand-in for the gate, with its routes and none of its rules: what it answers, a test sets. */
export interface Door {
  url: string;
  /** The pass that it takes. */
  pass: string;
  /** The requests that came, as `POST /hello`. */
  asked: string[];
  /** What `/llm` answers; null hands the request on to `llm`. */
  model: { status: number; body: string } | null;
  /** Where `/llm` leads to: a base URL before `/v1`. */
  llm: string | null;
  /** Answers git with this status for as long as it is set. */
  gitStatus: number | null;
  note(note: Note): void;
  close(): Promise<void>;
}

/** Opens the door to the bare repositories under `root` (`<owner>/<name>.git`) for the bearer of `pass`. */
export async function openDoor(root: string, pass: string): Promise<Door> {
  const notes: Note[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://door");
    door.asked.push(`${request.method} ${url.pathname}`);
    if (url.pathname === "/health") return void response.end("ok");
    if (!admits(request, door.pass)) return void response.writeHead(401).end("That isn't a pass.");
    if (url.pathname === "/hello") return void response.writeHead(204).end();
    if (url.pathname === "/notes") return notesAfter(Number(url.searchParams.get("after")), response);
    if (url.pathname.startsWith("/llm/")) return model(request, response);
    if (door.gitStatus) return void response.writeHead(door.gitStatus).end("No lease.");
    return gitBackend(root, request, response);
  };
  const notesAfter = async (after: number, response: ServerResponse): Promise<void> => {
    if (!notes.some((note) => note.n > after)) {
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
        setTimeout(resolve, 25_000).unref();
      });
    }
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ notes: notes.filter((note) => note.n > after) }));
  };
  const model = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (door.model ?? !door.llm) {
      const { status, body } = door.model ?? { status: 200, body: '{"object":"list","data":[]}' };
      return void response.writeHead(status, { "content-type": "application/json" }).end(body);
    }
    const body = request.method === "POST" ? await bodyOf(request) : null;
    const upstream = await fetch(`${door.llm}${(request.url ?? "").replace("/llm", "")}`, {
      method: request.method ?? "GET",
      headers: { "content-type": "application/json" },
      body,
    });
    response.writeHead(upstream.status, { "content-type": upstream.headers.get("content-type") ?? "" });
    for await (const chunk of upstream.body ?? []) response.write(chunk);
    response.end();
  };

  const door: Door = {
    url: "",
    pass,
    asked: [],
    model: null,
    llm: null,
    gitStatus: null,
    note: (note) => {
      notes.push(note);
      for (const wake of waiting) wake();
      waiting.clear();
    },
    close: async () => {
      for (const wake of waiting) wake();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  door.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return door;
}

function admits(request: IncomingMessage, pass: string): boolean {
  const basic = `Basic ${Buffer.from(`x:${pass}`).toString("base64")}`;
  return [`Bearer ${pass}`, basic].includes(request.headers.authorization ?? "");
}

/** https://git-scm.com/docs/git-http-backend */
async function gitBackend(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://door");
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"] ?? "",
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "uploadpack.allowFilter",
      GIT_CONFIG_VALUE_0: "true",
      REMOTE_USER: "x",
      PATH_INFO: url.pathname.replace("/git", ""),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      HTTP_GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => {});
  request.pipe(child.stdin);
  const parts: Buffer[] = [];
  for await (const part of child.stdout) parts.push(part as Buffer);
  const all = Buffer.concat(parts);
  const split = all.indexOf("\r\n\r\n");
  for (const line of all.subarray(0, split).toString().split("\r\n")) {
    const [name = "", ...value] = line.split(": ");
    if (name === "Status") response.statusCode = Number.parseInt(value.join(": "), 10);
    else response.setHeader(name, value.join(": "));
  }
  response.end(all.subarray(split + 4));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
