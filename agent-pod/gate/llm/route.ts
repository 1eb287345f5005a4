import type { IncomingMessage, ServerResponse } from "node:http";

import type { Redis } from "ioredis";
import { ZodError } from "zod";

import type { Visit } from "../admit.ts";
import { readBody } from "../body.ts";
import type { Told } from "../decision.ts";
import type { GateMetrics } from "../metrics.ts";
import { Refusal } from "../refusal.ts";
import type { GateSettings } from "../settings.ts";
import type { Api, Rebuilt } from "./api.ts";
import { refusedField } from "./api.ts";
import { dialModel, ModelFailure } from "./ask.ts";
import type { Usage } from "./budget.ts";
import { checkBudget, reserve } from "./budget.ts";
import { chat } from "./chat.ts";
import { deliver } from "./deliver.ts";
import { worstOf } from "./estimate.ts";
import { messages } from "./messages.ts";
import { responses } from "./responses.ts";
import { troubles } from "./troubles.ts";

const APIS: readonly Api[] = [chat, responses, messages];
const BODY_BYTES = 8 * 1024 * 1024;
const BODY_MS = 60_000;

/** The model, within the run's budget. Throws a `Refusal` for all that isn't one of its requests. */
export interface LlmRoute {
  answer(visit: Visit, request: IncomingMessage, response: ServerResponse): Promise<Told>;
}

export function llmRoute(
  settings: GateSettings,
  redis: Redis,
  metrics: Pick<GateMetrics, "answered" | "spent">,
): LlmRoute {
  const trouble = troubles();

  return {
    answer: async (visit, request, response) => {
      const path = (request.url ?? "").replace(/^\/llm\/v1/, "").replace(/\?.*$/, "");
      if (path === "/models") return models(visit, request, response);
      const api = APIS.find((one) => one.path === path);
      if (!api)
        throw new Refusal(
          404,
          "not_here",
          "The gate has /llm/v1/chat/completions, /llm/v1/responses, /llm/v1/messages and /llm/v1/models.",
        );
      if (request.method !== "POST")
        throw new Refusal(405, "not_here", "The model is asked by POST.", { allow: "POST" });
      return ask(api, visit, request, response);
    },
  };

  /** The lease's models. A run that asks wants to know whether the model answers it: the budget and its last trouble are told. */
  async function models(
    { pass, lease, patiently }: Visit,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Told> {
    if (request.method !== "GET")
      throw new Refusal(405, "not_here", "The models are listed by GET.", { allow: "GET" });
    await patiently(() => checkBudget(redis, settings.prefix, pass.run, lease.llm.budget));
    trouble.check(pass.run);
    const all = lease.llm.models.map((id) => ({ id, object: "model", created: 0, owned_by: "coxswain" }));
    const body = JSON.stringify({ object: "list", data: all });
    response.writeHead(200, { "content-type": "application/json" }).end(body);
    return { target: "models", bytes: Buffer.byteLength(body), why: "the lease's models" };
  }

  async function ask(
    api: Api,
    { pass, lease, gone, patiently }: Visit,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Told> {
    const { rebuilt, sent } = rebuild(api, await readJson(request), lease.llm.models);
    const leaving = new AbortController();
    response.once("close", () => leaving.abort());
    const over = AbortSignal.any([leaving.signal, gone]);
    const worst = worstOf(rebuilt, sent);
    const reserving = patiently(() => reserve(redis, settings.prefix, pass.run, lease.llm.budget, worst));
    const askModel = dialModel(api, sent, settings.llm, over);
    const held = await reserving.catch((refusal: unknown) => {
      leaving.abort();
      throw refusal;
    });
    let used: Usage = held.worst;
    let rest = "";
    try {
      const began = performance.now();
      const answer = await askModel();
      answer.once("readable", () => metrics.answered((performance.now() - began) / 1000));
      const delivered = await deliver(api, answer, response, withoutKey);
      used = delivered.usage ?? used;
      rest = delivered.rest;
      trouble.clear(pass.run);
    } catch (error) {
      if (error instanceof ModelFailure && !error.mayCost) used = { input: 0, output: 0 };
      if (error instanceof ModelFailure && !over.aborted) trouble.remember(pass.run, error);
      throw error;
    } finally {
      await held.settle(used);
      metrics.spent(used);
    }
    response.end(rest);
    const why = `${used.input} tokens in, ${used.output} out`;
    return { target: `${api.path.slice(1)} ${rebuilt.model}`, bytes: Buffer.byteLength(sent), why };
  }

  function withoutKey(text: string): string {
    return text.replaceAll(settings.llm.key, "[redacted]");
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, BODY_BYTES, BODY_MS);
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new Refusal(400, "bad_request", "The request isn't JSON.");
  }
}

function rebuild(api: Api, body: unknown, models: readonly string[]): { rebuilt: Rebuilt; sent: string } {
  try {
    const rebuilt = api.rebuild(body);
    if (!models.includes(rebuilt.model))
      throw new Refusal(400, "bad_request", `This run may ask ${models.join(", ")}, and no other model.`);
    return { rebuilt, sent: JSON.stringify(rebuilt.body) };
  } catch (error) {
    if (error instanceof ZodError) throw refusedField(error);
    if (error instanceof RangeError)
      throw new Refusal(400, "bad_request", "The request is nested too deeply.");
    throw error;
  }
}
