import { setTimeout as sleep } from "node:timers/promises";

import { APIConnectionError, APIError, OpenAI } from "openai";
import type { ChatCompletionMessageParam, ChatCompletionTool } from "openai/resources/chat/completions";
import { z } from "zod";

import { cut } from "../../app/words/cut.ts";
import { PlannerError } from "./plannerError.ts";

const REQUEST_MS = 180_000;
/** What may pass by itself (no connection, 5xx) is asked again after these. */
const PAUSES_MS = [250, 1000];

const Call = z.object({
  id: z.string(),
  type: z.literal("function").default("function"),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
const Completion = z.object({
  choices: z
    .array(
      z.object({ message: z.object({ content: z.string().nullish(), tool_calls: z.array(Call).nullish() }) }),
    )
    .min(1),
});
const Usage = z.object({ usage: z.object({ total_tokens: z.int().nonnegative() }) });

/** One message of the model's; null if what its API answered isn't one. */
export type Reply = { content: string; calls: z.infer<typeof Call>[] } | null;

/** The model behind the gate. */
export interface Model {
  /** @throws {PlannerError} `unreachable`, `refusedKey` or `budget` */
  ask(messages: ChatCompletionMessageParam[], tools: ChatCompletionTool[]): Promise<Reply>;
  /** Tokens that its answers told so far. */
  tokens(): number;
}

/** The model called `model`, with the run's pass for a key. */
export function modelAt(gateUrl: string, pass: string, model: string, signal: AbortSignal): Model {
  const client = new OpenAI({
    baseURL: `${gateUrl}/llm/v1`,
    apiKey: pass,
    // Else it takes these from our environment, and the gate would pass nothing of it on anyway.
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: REQUEST_MS,
  });
  let tokens = 0;
  return {
    tokens: () => tokens,
    ask: async (messages, tools) => {
      const request = () => client.chat.completions.create({ model, messages, tools }, { signal });
      const answer: unknown = await patiently(request, signal);
      const usage = Usage.safeParse(answer);
      if (usage.success) tokens += usage.data.usage.total_tokens;
      const completion = Completion.safeParse(answer);
      if (!completion.success) return null;
      const { content, tool_calls: calls } = completion.data.choices[0]!.message;
      return { content: content ?? "", calls: calls ?? [] };
    },
  };
}

async function patiently<Answer>(
  request: () => PromiseLike<Answer>,
  signal: AbortSignal,
): Promise<Answer | null> {
  for (let tried = 0; ; tried++) {
    try {
      return await request();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SyntaxError) return null; // a page, where JSON was said to come
      const pause = mayPass(error) ? PAUSES_MS[tried] : undefined;
      if (pause === undefined) throw plannerError(error);
      await sleep(pause, undefined, { signal });
    }
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof APIConnectionError) return true;
  return error instanceof APIError && typeof error.status === "number" && error.status >= 500;
}

/** The gate says in `code` what is the matter; what the model's API says by itself has none of those. */
function plannerError(error: unknown): unknown {
  if (!(error instanceof APIError)) return error;
  if (error.code === "budget_spent") {
    return new PlannerError("budget", "The planner has used up the tokens that it may use for this issue.", {
      cause: error,
    });
  }
  if (error.code === "model_refused_key") {
    return new PlannerError(
      "refusedKey",
      "The model's API refuses the app's key: whoever runs the app has to mend LLM_API_KEY.",
      { cause: error },
    );
  }
  const why =
    error instanceof APIConnectionError
      ? "the gate doesn't answer"
      : cut(error.message.replaceAll(/\s+/g, " "), 300);
  return new PlannerError("unreachable", `The model can't be reached: ${why.replace(/\.$/, "")}.`, {
    cause: error,
  });
}
