import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { passOf } from "./admit.ts";
import type { Visit } from "./admit.ts";
import { refusalFor, sendJson, sendRefusal } from "./answers.ts";
import type { Outside } from "./connect/outside.ts";
import { internet } from "./connect/outside.ts";
import { connectRoute } from "./connect/route.ts";
import { takeConnect } from "./connect/take.ts";
import { limitConnections } from "./connections.ts";
import type { Decision, Told } from "./decision.ts";
import { drain } from "./drain.ts";
import { door } from "./enter.ts";
import { mirrorsIn } from "./git/mirror.ts";
import { gitRoute } from "./git/route.ts";
import { llmRoute } from "./llm/route.ts";
import { afterOf, notesRoute } from "./notes.ts";
import { redact } from "./redact.ts";
import { Refusal } from "./refusal.ts";
import { connect, readyWithin } from "./redis.ts";
import type { GateSettings } from "./settings.ts";

const REDIS_MS = 2_000;
/** A Redis that restarts is back before this. */
const PATIENCE_MS = 30_000;

/** The gate, listening. */
export interface Gate {
  /** Without a slash at its end. */
  url: string;
  /** Takes no more requests, ends long polls, and waits for what is under way: answers, pushes, tunnels. */
  close(): Promise<void>;
}

/** What is around the gate. */
export interface Around {
  outside: Outside;
  /** How long a request is held while Redis is away, before it is refused. */
  patienceMs: number;
}

type Answering = (visit: Visit, request: IncomingMessage, response: ServerResponse) => Promise<Told>;

/**
 * Starts the egress gate: the one address that a pod can reach. `log` gets one decision for each request; none holds a secret.
 * It starts without Redis, too, and then refuses.
 */
export async function startGate(
  settings: GateSettings,
  log: (decision: Decision) => void,
  { outside, patienceMs }: Around = { outside: internet(), patienceMs: PATIENCE_MS },
): Promise<Gate> {
  const redis = connect(settings.redisUrl);
  const subscriber = connect(settings.redisUrl);
  const closing = new AbortController();
  const ending = new AbortController();
  const git = gitRoute(settings, redis, mirrorsIn(settings.dir));
  const llm = llmRoute(settings, redis);
  const notes = notesRoute(settings.prefix, redis, subscriber);
  const enter = door(settings, redis, patienceMs);
  const tunnels = {
    settings,
    route: connectRoute(settings, outside),
    // A door of their own: tunnels that stay open must not keep the run from the model.
    enter: door(settings, redis, patienceMs),
    log,
    ending: ending.signal,
  };
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
      const leaving = new AbortController();
      response.once("close", () => leaving.abort());
      const told = await enter({ pass, request, leaving: leaving.signal }, async (visit) => {
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

  const follow = (answering: Promise<void>): void => {
    underWay.add(answering);
    void answering.finally(() => underWay.delete(answering));
  };
  const server = createServer((request, response) => {
    // On a connection that is kept, a client could go on for ever.
    if (closing.signal.aborted) response.shouldKeepAlive = false;
    follow(answer(request, response));
  });
  limitConnections(server);
  server.on("connect", (request: IncomingMessage, client: Socket, head: Buffer) =>
    follow(takeConnect({ request, client, head }, tunnels)),
  );
  await Promise.all([readyWithin(redis, REDIS_MS), readyWithin(subscriber, REDIS_MS)]);
  server.listen(settings.port, settings.host);
  await once(server, "listening");
  return {
    url: urlOf(server, settings.host),
    close: async () => {
      closing.abort();
      await drain(server, settings.drainMs, () =>
        ending.abort(new Error("The gate ends, and waited for long.")),
      );
      // What a request cost is booked after its client was let go.
      await Promise.all(underWay);
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
