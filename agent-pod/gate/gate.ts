import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import type { Registry } from "prom-client";

import type { Outside } from "./connect/outside.ts";
import { internet } from "./connect/outside.ts";
import { connectRoute } from "./connect/route.ts";
import { takeConnect } from "./connect/take.ts";
import { limitConnections } from "./connections.ts";
import type { Decision } from "./decision.ts";
import { drain } from "./drain.ts";
import { door } from "./enter.ts";
import { gateMetrics } from "./metrics.ts";
import { connect, readyWithin } from "./redis.ts";
import { routesOf } from "./routes.ts";
import type { GateSettings } from "./settings.ts";
import { takeRequest } from "./take.ts";
import { HEAD_LIMITS, refuseUnread } from "./unread.ts";

const REDIS_MS = 2_000;
/**
 * What a connection may hold of an answer that its client is slower to take, four times node's own: else a clone stops and goes
 * on again at each piece of its pack. A run's 64 requests, and 64 tunnels, then hold 32 MB of such answers.
 */
const BUFFER_BYTES = 256 * 1024;
/** A Redis that restarts is back before this. */
const PATIENCE_MS = 30_000;

/** The gate, listening. */
export interface Gate {
  /** Without a slash at its end. */
  url: string;
  /** What it counts. */
  registry: Registry;
  /** What keeps it from its work, in sentences: Redis is away, or it ends. */
  waits(): Promise<string[]>;
  /** Takes no more requests, ends long polls, and waits for what is under way: answers, pushes, tunnels. */
  close(): Promise<void>;
}

/** What is around the gate. */
export interface Around {
  outside: Outside;
  /** How long a request is held while Redis is away, before it is refused. */
  patienceMs: number;
}

/**
 * Starts the egress gate: the one address that a pod can reach. `log` gets one decision for each request and each tunnel; none
 * holds a secret. It starts without Redis, too, and then refuses.
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
  const underWay = { requests: new Set<Promise<void>>(), tunnels: new Set<Promise<void>>() };
  const metrics = gateMetrics(() => ({ requests: underWay.requests.size, tunnels: underWay.tunnels.size }));
  const tell = (decision: Decision): void => {
    metrics.decided(decision);
    log(decision);
  };
  const routes = routesOf(settings, { redis, subscriber, metrics }, closing.signal);
  const requests = { settings, redis, routes, enter: door(settings, redis, patienceMs), log: tell };
  const tunnels = {
    settings,
    route: connectRoute(settings, outside),
    // A door of their own: tunnels that stay open must not keep the run from the model.
    enter: door(settings, redis, patienceMs),
    log: tell,
    ending: ending.signal,
  };

  const follow = (kind: keyof typeof underWay, taking: Promise<void>): void => {
    underWay[kind].add(taking);
    void taking.finally(() => underWay[kind].delete(taking));
  };
  const server = createServer({ ...HEAD_LIMITS, highWaterMark: BUFFER_BYTES }, (request, response) => {
    // On a connection that is kept, a client could go on for ever.
    if (closing.signal.aborted) response.shouldKeepAlive = false;
    follow("requests", takeRequest(request, response, requests));
  });
  limitConnections(server);
  refuseUnread(server, tell);
  server.on("connect", (request: IncomingMessage, client: Socket, head: Buffer) =>
    follow("tunnels", takeConnect({ request, client, head }, tunnels)),
  );

  await Promise.all([readyWithin(redis, REDIS_MS), readyWithin(subscriber, REDIS_MS)]);
  server.listen(settings.port, settings.host);
  await once(server, "listening");
  return {
    url: urlOf(server, settings.host),
    registry: metrics.registry,
    waits: async () => {
      if (closing.signal.aborted) return ["The gate ends."];
      return redis.ping().then(
        () => [],
        () => ["Redis doesn't answer."],
      );
    },
    close: async () => {
      closing.abort();
      const why = new Error("The gate ends, and waited for long.");
      await drain(server, settings.drainMs, () => ending.abort(why));
      // What a request cost is booked after its client was let go.
      await Promise.all([...underWay.requests, ...underWay.tunnels]);
      redis.disconnect();
      subscriber.disconnect();
    },
  };
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
