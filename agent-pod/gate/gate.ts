import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { admit, passOf } from "./admit.ts";
import type { Visit } from "./admit.ts";
import { limitConnections } from "./connections.ts";
import { crowd } from "./crowd.ts";
import type { Decision, Told } from "./decision.ts";
import { mirrorsIn } from "./git/mirror.ts";
import { gitRoute } from "./git/route.ts";
import { llmRoute } from "./llm/route.ts";
import { afterOf, notesRoute } from "./notes.ts";
import { redact } from "./redact.ts";
import { Refusal } from "./refusal.ts";
import { connect, readyWithin } from "./redis.ts";
import type { GateSettings } from "./settings.ts";

const REDIS_MS = 2_000;
/** How long the end waits for answers under way: a pod is killed 30 s after SIGTERM. */
const DRAIN_MS = 20_000;

/** The gate, listening. */
export interface Gate {
  /** Without a slash at its end. */
  url: string;
  /** Takes no more requests, ends long polls, and waits for what is under way. */
  close(): Promise<void>;
}

type Answering = (visit: Visit, request: IncomingMessage, response: ServerResponse) => Promise<Told>;

/**
 * Starts the egress gate: the one address that a pod can reach. `log` gets one decision for each request; none holds a secret.
 * It starts without Redis, too, and then refuses.
 */
export async function startGate(settings: GateSettings, log: (decision: Decision) => void): Promise<Gate> {
  const redis = connect(settings.redisUrl);
  const subscriber = connect(settings.redisUrl);
  const closing = new AbortController();
  const git = gitRoute(settings, redis, mirrorsIn(settings.dir));
  const llm = llmRoute(settings, redis);
  const notes = notesRoute(settings.prefix, redis, subscriber);
  const inside = crowd();
  const underWay = new Set<Promise<void>>();

  const routes: Record<string, { method?: string; answer: Answering }> = {
    git: { answer: git.answer },
    llm: { answer: llm.answer },
    hello: {
      method: "POST",
      answer: async (visit, _, response) => {
        void git.warm(visit);
        return sendJson(response, { run: visit.pass.run }, "the pass is good here");
      },
    },
    notes: {
      method: "GET",
      answer: async (visit, request, response) => {
        const leaving = new AbortController();
        response.once("close", () => leaving.abort());
        const after = afterOf(new URL(request.url ?? "", "http://gate"));
        const found = await notes.wait(visit, after, AbortSignal.any([leaving.signal, closing.signal]));
        return sendJson(response, { notes: found }, `${found.length} notes`);
      },
    },
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = ""] = (request.url ?? "").split("?");
    if (path === "/health") {
      sendJson(response, { redis: redis.status === "ready" }, "");
      return;
    }
    const [, verb = ""] = path.split("/");
    const route = Object.hasOwn(routes, verb) ? routes[verb] : undefined;
    const line = {
      run: null as string | null,
      verb: route ? verb : "",
      target: redact(`${request.method} ${path}`.slice(0, 300), [settings.llm.key]),
    };
    try {
      if (!route)
        throw new Refusal(
          404,
          "not_here",
          "The gate has /git, /llm, /notes, /hello and /health, and nothing else.",
        );
      const pass = passOf(request, settings);
      line.run = pass.run;
      const told = await inside.one(pass.run, async () => {
        const visit = await admit(request, pass, settings, redis);
        if (route.method && request.method !== route.method)
          throw new Refusal(405, "not_here", `/${verb} is asked by ${route.method}.`, {
            allow: route.method,
          });
        return route.answer(visit, request, response);
      });
      log({ ...line, verdict: "passed", ...told, target: told.target || line.target });
    } catch (error) {
      const { refusal, verdict, why } = refusalFor(error);
      if (response.headersSent) response.destroy();
      else sendRefusal(response, request, refusal);
      log({ ...line, verdict, bytes: 0, why: redact(why, [settings.llm.key]) });
    }
  };

  const server = createServer((request, response) => {
    const answering = answer(request, response).finally(() => underWay.delete(answering));
    underWay.add(answering);
  });
  limitConnections(server);
  server.on("connect", refuseConnect);
  await Promise.all([readyWithin(redis, REDIS_MS), readyWithin(subscriber, REDIS_MS)]);
  server.listen(settings.port, settings.host);
  await once(server, "listening");
  return {
    url: urlOf(server, settings.host),
    close: async () => {
      closing.abort();
      await closeServer(server);
      // What a request cost is booked after its client was let go.
      await Promise.all(underWay);
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}

function refusalFor(error: unknown): { refusal: Refusal; verdict: "refused" | "broke"; why: string } {
  if (error instanceof Refusal) return { refusal: error, verdict: "refused", why: error.message };
  const refusal = new Refusal(500, "gate_broke", "The gate broke on this request; its log tells why.");
  return { refusal, verdict: "broke", why: error instanceof Error ? error.message : String(error) };
}

/** A sentence: as git shows it, or in the shape of the model's errors, which every client reads. */
function sendRefusal(response: ServerResponse, request: IncomingMessage, refusal: Refusal): void {
  const plain = request.url?.startsWith("/git/");
  const { message, code } = refusal;
  const body = plain
    ? `${message}\n`
    : JSON.stringify({ type: "error", error: { message, type: "coxswain", code } });
  response.writeHead(refusal.status, {
    ...refusal.headers,
    "content-type": plain ? "text/plain; charset=utf-8" : "application/json",
    // The rest of a body that was refused isn't read.
    connection: "close",
  });
  response.end(body);
}

function sendJson(response: ServerResponse, value: unknown, why: string): Told {
  const body = JSON.stringify(value);
  response.writeHead(200, { "content-type": "application/json" }).end(body);
  return { target: "", bytes: Buffer.byteLength(body), why };
}

function refuseConnect(_: IncomingMessage, socket: Socket): void {
  socket.end(
    "HTTP/1.1 501 Not Implemented\r\nconnection: close\r\ncontent-type: text/plain\r\n\r\nThe gate opens no tunnels.\n",
  );
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(timer);
}
