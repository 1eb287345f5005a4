import type { IncomingMessage, ServerResponse } from "node:http";

import type { Redis } from "ioredis";

import type { Visit } from "./admit.ts";
import { sendJson } from "./answers.ts";
import type { Told } from "./decision.ts";
import { mirrorsIn } from "./git/mirror.ts";
import { gitRoute } from "./git/route.ts";
import { llmRoute } from "./llm/route.ts";
import type { GateMetrics } from "./metrics.ts";
import { afterOf, notesRoute } from "./notes.ts";
import type { GateSettings } from "./settings.ts";

/** What one first part of a path leads to. */
export interface Route {
  /** The one method that it is asked by, if there is one. */
  method?: string;
  /** Answers whole, or throws a `Refusal`. */
  answer(visit: Visit, request: IncomingMessage, response: ServerResponse): Promise<Told>;
}

/** All that may be asked for with a pass, but tunnels. `closing` ends long polls. */
export function routesOf(
  settings: GateSettings,
  { redis, subscriber, metrics }: { redis: Redis; subscriber: Redis; metrics: GateMetrics },
  closing: AbortSignal,
): Readonly<Record<string, Route>> {
  const git = gitRoute(settings, redis, mirrorsIn(settings.dir));
  const notes = notesRoute(settings.prefix, redis, subscriber);
  return {
    git: { answer: git.answer },
    llm: llmRoute(settings, redis, metrics),
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
        const found = await notes.wait(visit, after, AbortSignal.any([leaving.signal, closing]));
        return sendJson(response, { notes: found }, `${found.length} notes`);
      },
    },
  };
}
