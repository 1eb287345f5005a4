import { once } from "node:events";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import type { Registry } from "prom-client";

/** The server that the cluster asks, beside the one that does the work. */
export interface Health {
  /** Without a slash at its end. */
  url: string;
  close(): Promise<void>;
}

export interface HealthParts {
  host: string;
  /** 0: any free one. */
  port: number;
  /** What it still waits for before it can do its work, in sentences; none: it is ready. */
  waits(): Promise<string[]>;
  registry: Registry;
}

/** Probes give up after a second by default: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/ */
const ANSWER_MS = 800;
/** Everybody in the cluster may reach it. */
const CONNECTIONS = 100;
const REQUEST_MS = 5_000;

/** Answers `/healthz` (it is alive), `/readyz` (it can do its work) and `/metrics` (Prometheus), each within a second. */
export async function startHealth({ host, port, waits, registry }: HealthParts): Promise<Health> {
  const answers: Record<string, (response: ServerResponse) => Promise<unknown>> = {
    "/healthz": async (response) => response.end("ok\n"),
    "/readyz": async (response) => {
      const missing = await within(waits(), ["It doesn't answer in time."]);
      return response
        .writeHead(missing.length === 0 ? 200 : 503)
        .end([...missing, ""].join("\n") || "ready\n");
    },
    "/metrics": async (response) => {
      const text = await within(registry.metrics(), null);
      if (text === null) return response.writeHead(503).end("The metrics couldn't be read in time.\n");
      return response.writeHead(200, { "content-type": registry.contentType }).end(text);
    },
  };
  const server = createServer((request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
    if (!answer) return void response.writeHead(404).end("It has /healthz, /readyz and /metrics.\n");
    void answer(response);
  });
  server.maxConnections = CONNECTIONS;
  server.requestTimeout = REQUEST_MS;
  server.listen(port, host);
  await once(server, "listening");
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** What `asked` gives, or `otherwise` if that takes too long or fails. */
async function within<T, O>(asked: Promise<T>, otherwise: O): Promise<T | O> {
  const over = new AbortController();
  const late = sleep(ANSWER_MS, otherwise, { signal: over.signal }).catch(() => otherwise);
  try {
    return await Promise.race([asked, late]);
  } catch {
    return otherwise;
  } finally {
    over.abort();
  }
}
