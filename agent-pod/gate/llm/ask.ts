import type { ClientRequest, IncomingMessage } from "node:http";

import { z } from "zod";

import { answerTo, send } from "../outgoing.ts";
import { redact } from "../redact.ts";
import { Refusal } from "../refusal.ts";
import type { GateSettings } from "../settings.ts";
import type { Api } from "./api.ts";

const ERROR_BYTES = 256 * 1024;

/** How asking the model ended before it answered: with what it may have cost. */
export class ModelFailure extends Refusal {
  /** Whether the model may have worked, and charged, all the same. */
  readonly mayCost: boolean;

  constructor(refusal: Refusal, mayCost: boolean) {
    super(refusal.status, refusal.code, refusal.message, refusal.headers);
    this.mayCost = mayCost;
  }
}

/** Sends the request to the model and returns its answer, whose status is 200. Throws a `ModelFailure`. */
export type AskModel = () => Promise<IncomingMessage>;

/**
 * Connects to the model, so that TCP and TLS take their time while the budget is reserved. Nothing is sent before the model is
 * asked. `signal` gives all of it up.
 */
export function dialModel(api: Api, body: string, llm: GateSettings["llm"], signal: AbortSignal): AskModel {
  const again = (): Call => dial(api, body, llm, signal);
  const call = again();
  // Where Redis was away for a while, the model may have closed a connection that said nothing.
  return () => ask(call.request.destroyed ? again() : call, body, llm.key);
}

/** A request that is ready to be sent. */
interface Call {
  request: ClientRequest;
  answering: Promise<IncomingMessage>;
  connected: () => boolean;
}

function dial(api: Api, body: string, llm: GateSettings["llm"], signal: AbortSignal): Call {
  const request = send(`${llm.url}${api.path}`, {
    method: "POST",
    headers: {
      ...api.headers(llm.key),
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      accept: "application/json, text/event-stream",
    },
    signal,
  });
  // Before that nothing was sent: a certificate that isn't good must not cost.
  let connected = false;
  const ready = llm.url.startsWith("https:") ? "secureConnect" : "connect";
  request.once("socket", (socket) => socket.once(ready, () => (connected = true)));
  const answering = answerTo(request);
  // It may fail before anybody waits for it.
  answering.catch(() => {});
  return { request, answering, connected: () => connected };
}

async function ask(
  { request, answering, connected }: Call,
  body: string,
  key: string,
): Promise<IncomingMessage> {
  request.end(body);
  const answer = await answering.catch(() => {
    const refusal = new Refusal(502, "model_unreachable", "The gate can't reach the model's API.");
    throw new ModelFailure(refusal, connected());
  });
  if (answer.statusCode === 200) return answer;
  throw new ModelFailure(await failureIn(answer, key), false);
}

/** As OpenAI and Anthropic have it; what speaks for them may leave out all but the sentence. */
const ErrorBody = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/** The model's own error: its status, its sentence without what looks like a key, and nothing else. */
async function failureIn(answer: IncomingMessage, key: string): Promise<Refusal> {
  const status = answer.statusCode ?? 502;
  const said = redact(await messageIn(answer), [key]).slice(0, 2_000);
  if (status === 401 || status === 403)
    return new Refusal(
      502,
      "model_refused_key",
      `The model's API refused the gate's key (${status}): ${said}`,
    );
  if (status < 400)
    return new Refusal(502, "model_unreachable", `The model's API answered ${status}, which is no answer.`);
  const later = answer.headers["retry-after"];
  return new Refusal(
    status,
    "model_error",
    said,
    later && /^[\d.]{1,10}$/.test(later) ? { "retry-after": later } : {},
  );
}

async function messageIn(answer: IncomingMessage): Promise<string> {
  let text = "";
  try {
    for await (const chunk of answer.setEncoding("utf8")) {
      text += String(chunk);
      if (text.length > ERROR_BYTES) break;
    }
    const { error } = ErrorBody.parse(JSON.parse(text));
    return typeof error === "string" ? error : error.message;
  } catch {
    return `The model's API answered ${answer.statusCode} without a reason.`;
  }
}
