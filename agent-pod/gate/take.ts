import type { IncomingMessage, ServerResponse } from "node:http";

import type { Redis } from "ioredis";

import { passOf } from "./admit.ts";
import { refusalFor, sendJson, sendRefusal } from "./answers.ts";
import type { Decision } from "./decision.ts";
import type { Enter } from "./enter.ts";
import { redact } from "./redact.ts";
import { Refusal } from "./refusal.ts";
import type { Route } from "./routes.ts";
import type { GateSettings } from "./settings.ts";

/** What requests need of the gate. */
export interface RequestGround {
  settings: GateSettings;
  redis: Redis;
  routes: Readonly<Record<string, Route>>;
  enter: Enter;
  log: (decision: Decision) => void;
}

/** Takes one request from its pass to its answer, or to a refusal, with one line in the log. Never throws. */
export async function takeRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { settings, redis, routes, enter, log }: RequestGround,
): Promise<void> {
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
        throw new Refusal(405, "not_here", `/${verb} is asked by ${route.method}.`, { allow: route.method });
      return route.answer(visit, request, response);
    });
    log({ ...line, verdict: "passed", ...told, target: told.target || line.target });
  } catch (error) {
    const { refusal, verdict, why } = refusalFor(error);
    if (response.headersSent) response.destroy();
    else sendRefusal(response, request, refusal);
    log({ ...line, verdict, bytes: 0, why: redact(why, [settings.llm.key]) });
  }
}
