import { z } from "zod";

import type { Api } from "./api.ts";
import { MOST_OUTPUT } from "./api.ts";
import type { Usage } from "./budget.ts";
import { count, dataUrl, never, number, optionalText, positive, schema, text } from "./fields.ts";

// https://platform.openai.com/docs/api-reference/chat/create

const Part = z.discriminatedUnion(
  "type",
  [
    z.object({ type: z.literal("text"), text }),
    z.object({ type: z.literal("refusal"), refusal: text }),
    z.object({
      type: z.literal("image_url"),
      image_url: z.object({ url: dataUrl, detail: text.optional() }),
    }),
  ],
  "of content, only text and images are allowed",
);
type Part = z.infer<typeof Part>;

const ToolCall = z.object({
  id: text,
  type: z.literal("function", "only calls of functions are allowed"),
  function: z.object({ name: text, arguments: text }),
});

const Message = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool"]),
  content: z.union([text, z.array(Part), z.null()]).optional(),
  name: text.optional(),
  refusal: optionalText,
  tool_calls: z.array(ToolCall).nullish(),
  tool_call_id: text.optional(),
  // Open models want their own thoughts back.
  reasoning_content: optionalText,
  reasoning: optionalText,
});

const Tool = z.object({
  type: z.literal(
    "function",
    "only tools of type `function` are allowed; the provider's own would act on our key",
  ),
  function: z.object({
    name: text,
    description: text.optional(),
    parameters: schema.optional(),
    strict: z.boolean().nullish(),
  }),
});

const Request = z.object({
  model: text,
  messages: z.array(Message).min(1),
  tools: z.array(Tool).optional(),
  tool_choice: z
    .union([
      z.enum(["none", "auto", "required"]),
      z.object({ type: z.literal("function"), function: z.object({ name: text }) }),
    ])
    .optional(),
  parallel_tool_calls: z.boolean().optional(),
  response_format: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("text") }),
      z.object({ type: z.literal("json_object") }),
      z.object({
        type: z.literal("json_schema"),
        json_schema: z.object({
          name: text,
          description: text.optional(),
          schema: schema.optional(),
          strict: z.boolean().nullish(),
        }),
      }),
    ])
    .optional(),
  max_tokens: positive.nullish(),
  max_completion_tokens: positive.nullish(),
  stream: z.boolean().nullish(),
  n: z.literal(1, "one answer at a time is allowed").nullish(),
  temperature: number.nullish(),
  top_p: number.nullish(),
  top_k: number.nullish(),
  min_p: number.nullish(),
  presence_penalty: number.nullish(),
  frequency_penalty: number.nullish(),
  seed: z.int().nullish(),
  stop: z.union([text, z.array(text)]).nullish(),
  logit_bias: z.record(z.string(), number).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().nullish(),
  reasoning_effort: optionalText,
  verbosity: optionalText,
  user: text.optional(),
  safety_identifier: text.optional(),
  prompt_cache_key: text.optional(),
  store: never("nothing may be stored with the provider"),
  web_search_options: never("the provider's own tools would act on our key"),
  functions: never("use `tools`"),
  function_call: never("use `tool_choice`"),
  modalities: z.array(z.literal("text", "answers are text")).nullish(),
  audio: never("answers are text"),
});

const Answer = z.object({ usage: z.object({ prompt_tokens: count, completion_tokens: count }) });

export const chat: Api = {
  path: "/chat/completions",
  rebuild: (given) => {
    const { max_tokens, max_completion_tokens, stream, ...rest } = Request.parse(given);
    const output = Math.min(max_completion_tokens ?? max_tokens ?? MOST_OUTPUT, MOST_OUTPUT);
    // Some models take the old name alone, OpenAI's newer ones the new one alone: it stays as it was sent.
    const limit =
      max_tokens && !max_completion_tokens ? { max_tokens: output } : { max_completion_tokens: output };
    const streamed = stream ? { stream: true, stream_options: { include_usage: true } } : {};
    return {
      model: rest.model,
      body: { ...rest, ...limit, ...streamed },
      output,
      images: rest.messages.flatMap(({ content }) =>
        Array.isArray(content) ? content.flatMap(imagesOf) : [],
      ),
    };
  },
  headers: (key) => ({ authorization: `Bearer ${key}` }),
  usage: usageIn,
  reader: () => {
    let last: Usage | null = null;
    return {
      // The last chunk before `[DONE]` tells it; some servers tell it with every one.
      see: (event) => (last = usageIn(event) ?? last),
      usage: () => last,
    };
  },
};

function imagesOf(part: Part): string[] {
  return part.type === "image_url" ? [part.image_url.url] : [];
}

function usageIn(answer: unknown): Usage | null {
  const { data } = Answer.safeParse(answer);
  return data ? { input: data.usage.prompt_tokens, output: data.usage.completion_tokens } : null;
}
