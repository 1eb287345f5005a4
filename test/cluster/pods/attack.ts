/**
 * What hostile code in an agent's pod tries, or any pod that is compared with it: `node --input-type=module-typescript - PLAN`,
 * this file on stdin. PLAN is JSON: attacks by their names. It tries all at once (git's one after the other) and prints a line
 * of JSON with what came of each. It stands alone: in the pod there is nothing to import.
 */
import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer, connect } from "node:net";
import { pipeline } from "node:stream";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type Attack =
  /** A connection to an address that isn't the gate's. */
  | { kind: "dial"; host: string; port: number }
  /** A question to a name server, by UDP. */
  | { kind: "lookUp"; host: string }
  /** Listens for others in the cluster. */
  | { kind: "listen"; port: number; seconds: number }
  /** A request to the gate, with a JSON body if there is one, and the pod's own pass if there is no other. */
  | { kind: "ask"; path: string; body?: object; pass?: string }
  /** So many of them at once; when no more answers come for a while, the rest is given up. */
  | { kind: "crowd"; path: string; body: object; count: number }
  /** The same again and again until the end; each change of its status is told. */
  | { kind: "keepAsking"; path: string; body: object }
  /** A body that never ends, and one that comes a byte a second. */
  | { kind: "pour"; path: string }
  | { kind: "drip"; path: string }
  /** Bytes to the gate as they are, in base64, with a byte a second behind them if it is slow; `PASS` in them is the pod's pass. */
  | { kind: "raw"; bytes: string; slow?: boolean }
  /** A tunnel, and in base64 what is said in it. */
  | { kind: "tunnel"; target: string; says: string }
  /** git, of a repository at the gate (`ada/notes`). */
  | { kind: "clone"; of: string }
  | { kind: "push"; of: string; files: Record<string, string>; to: string[] };

const PATIENCE_MS = 3_000;
const LONG_MS = 95_000;

const gate = new URL(process.env["COXSWAIN_GATE"] ?? "http://there.is.none");
const ownPass = (): string => readFileSync(process.env["COXSWAIN_PASS_FILE"] ?? "", "utf8").trim();
const tell = (name: string, got: string): void =>
  void process.stdout.write(`${JSON.stringify({ name, got })}\n`);

const tries: {
  [Kind in Attack["kind"]]: (attack: Extract<Attack, { kind: Kind }>, name: string) => Promise<string>;
} = {
  dial: ({ host, port }) =>
    new Promise((resolve) => {
      const socket = connect({ host, port, timeout: PATIENCE_MS });
      const end = (got: string): void => {
        resolve(got);
        socket.destroy();
      };
      socket.once("connect", () => end("connected"));
      socket.once("timeout", () => end("timed out"));
      socket.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    }),

  lookUp: async ({ host }) => {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    let got = "timed out";
    // Who serves the root? Every name server answers that, if only with a refusal.
    const question = Buffer.from("0001010000010000000000000000020001", "hex");
    socket.once("message", () => (got = "answered"));
    socket.on("error", (error: NodeJS.ErrnoException) => (got = error.code ?? error.message));
    const asking = setInterval(() => socket.send(question, 53, host, () => {}), 500);
    await sleep(PATIENCE_MS);
    clearInterval(asking);
    socket.close();
    return got;
  },

  listen: async ({ port, seconds }, name) => {
    let heard = 0;
    const server = createServer((socket) => {
      heard++;
      socket.destroy();
    }).listen(port);
    await once(server, "listening");
    tell(name, "listens");
    await sleep(seconds * 1000);
    server.close();
    return `heard ${heard}`;
  },

  ask: ({ path, body, pass }) => ask(path, body, pass),

  crowd: async ({ path, body, count }) => {
    const leaving = new AbortController();
    const all = Array.from({ length: count }, () =>
      ask(path, body, undefined, leaving.signal).then((said) => {
        timer.refresh();
        return said.slice(0, 3);
      }),
    );
    const timer = setTimeout(() => leaving.abort(), 2 * PATIENCE_MS);
    const statuses = await Promise.all(all);
    clearTimeout(timer);
    const kinds = [...new Set(statuses)].sort();
    return kinds.map((kind) => `${statuses.filter((status) => status === kind).length} × ${kind}`).join(", ");
  },

  keepAsking: async ({ path, body }, name) => {
    for (let last = "", until = Date.now() + LONG_MS; Date.now() < until; await sleep(50)) {
      const said = await ask(path, body);
      const status = said.slice(0, 3);
      if (status !== last) tell(name, said);
      last = status;
    }
    return "nobody ended it";
  },

  pour: async ({ path }) => {
    const { asking, answer } = post(path, { "transfer-encoding": "chunked" });
    const endless = async function* (): AsyncGenerator<Buffer> {
      for (const chunk = Buffer.alloc(256 * 1024, " "); ;) yield chunk;
    };
    pipeline(endless(), asking, () => {}); // it is closed while we send
    return answer;
  },

  drip: async ({ path }) => {
    const { asking, answer } = post(path, { "content-length": "100000" });
    const timer = setInterval(() => asking.write(" "), 1000);
    return answer.finally(() => clearInterval(timer));
  },

  raw: async ({ bytes, slow }) => {
    const said = Buffer.from(bytes, "base64").toString("latin1").replace("PASS", ownPass());
    const { socket, closed } = toGate(said);
    const timer = slow ? setInterval(() => socket.write("x"), 1000) : undefined;
    return closed.finally(() => clearInterval(timer));
  },

  tunnel: async ({ target, says }) => {
    const basic = Buffer.from(`run:${ownPass()}`).toString("base64");
    const head = `CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\nproxy-authorization: Basic ${basic}\r\n\r\n`;
    const { closed } = toGate(Buffer.concat([Buffer.from(head), Buffer.from(says, "base64")]));
    return closed;
  },

  clone: async ({ of }) => (await clone(of)).said,

  push: async ({ of, files, to }) => {
    const { at } = await clone(of);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(at, path)), { recursive: true });
      writeFileSync(join(at, path), text);
    }
    await git(at, "add", "--all");
    await git(at, "commit", "--quiet", "--message=Work");
    return git(at, "push", "--quiet", "origin", ...to);
  },
};

/** What the gate answers: its status, and what it says. */
async function ask(path: string, body?: object, pass = ownPass(), leaving?: AbortSignal): Promise<string> {
  try {
    const answer = await fetch(new URL(path, gate), {
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${pass}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
      signal: leaving ?? AbortSignal.timeout(LONG_MS),
    });
    return `${answer.status} ${(await answer.text()).slice(0, 500)}`;
  } catch (error) {
    return leaving?.aborted ? "yet to be answered" : String(error);
  }
}

/** A POST to the gate whose body is up to the caller. */
function post(path: string, headers: Record<string, string>) {
  const asking = request(new URL(path, gate), {
    method: "POST",
    headers: { authorization: `Bearer ${ownPass()}`, ...headers },
  });
  asking.flushHeaders();
  const answer = new Promise<string>((resolve) => {
    asking.once("response", (response) => {
      let text = `${response.statusCode} `;
      response.on("data", (bytes) => (text += String(bytes)));
      response.once("close", () => resolve(text));
    });
    asking.on("error", (error) => resolve(String(error)));
    setTimeout(() => resolve("no answer"), LONG_MS).unref();
  });
  return { asking, answer };
}

/** A connection to the gate that says `first`; `closed` is all that came back before it was closed. */
function toGate(first: string | Buffer) {
  const socket = connect({ host: gate.hostname, port: Number(gate.port), timeout: LONG_MS });
  let got = "";
  socket.write(first);
  socket.on("data", (bytes) => (got += bytes.toString("latin1")));
  socket.on("timeout", () => socket.destroy());
  socket.on("error", () => {}); // it is closed while we send
  return { socket, closed: once(socket, "close").then(() => got) };
}

async function clone(of: string): Promise<{ at: string; said: string }> {
  const at = mkdtempSync("/tmp/clone-");
  const from = new URL(`/git/${of}.git`, gate).href;
  return { at, said: await git(at, "clone", "--quiet", "--depth=1", from, ".") };
}

/** Runs git, which has the pod's pass: `done`, or what it said. */
function git(at: string, ...args: string[]): Promise<string> {
  const person = { NAME: "Mallory", EMAIL: "mallory@example.com" };
  const config = { "http.extraHeader": `Authorization: Bearer ${ownPass()}`, "core.hooksPath": "/dev/null" };
  const env = {
    ...process.env,
    GIT_TERMINAL_PROMPT: "0",
    ...Object.fromEntries(
      Object.entries(person).flatMap(([key, value]) => [
        [`GIT_AUTHOR_${key}`, value],
        [`GIT_COMMITTER_${key}`, value],
      ]),
    ),
    GIT_CONFIG_COUNT: "2",
    ...Object.fromEntries(
      Object.entries(config).flatMap(([key, value], n) => [
        [`GIT_CONFIG_KEY_${n}`, key],
        [`GIT_CONFIG_VALUE_${n}`, value],
      ]),
    ),
  };
  return new Promise((resolve) => {
    execFile("git", args, { cwd: at, env, timeout: LONG_MS }, (error, _, said) =>
      resolve(error ? `${error.code}: ${said}` : "done"),
    );
  });
}

async function attempt(name: string, attack: Attack): Promise<void> {
  const how = tries[attack.kind] as (attack: Attack, name: string) => Promise<string>;
  tell(name, await how(attack, name).catch(String));
}

const plan = Object.entries(JSON.parse(process.argv[2] ?? "{}") as Record<string, Attack>);
const isGit = ([, { kind }]: [string, Attack]): boolean => kind === "clone" || kind === "push";
await Promise.all([
  ...plan.filter((each) => !isGit(each)).map(([name, attack]) => attempt(name, attack)),
  (async () => {
    for (const [name, attack] of plan.filter(isGit)) await attempt(name, attack);
  })(),
]);
process.exit(0);
