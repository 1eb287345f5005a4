import { z } from "zod";

import type { Api } from "./api.ts";
import { MOST_OUTPUT } from "./api.ts";
import type { Usage } from "./budget.ts";
import { count, dataUrl, never, noFileId, number, optionalText, positive, schema, text } from "./fields.ts";

// https://platform.openai.com/docs/api-reference/responses/create

const Part = z.discriminatedUnion(
  "type",
  [
    z.object({ type: z.literal("input_text"), text }),
    z.object({ type: z.literal("output_text"), text }),
    z.object({ type: z.literal("refusal"), refusal: text }),
    z.object({
      type: z.literal("input_image"),
      image_url: dataUrl,
      detail: text.optional(),
      file_id: noFileId,
    }),
  ],
  "of content, only text and images are allowed",
);
type Part = z.infer<typeof Part>;

const content = z.union([text, z.array(Part)]);
const seen = { id: optionalText, status: optionalText };

const Item = z.discriminatedUnion(
  "type",
  [
    z.object({
      type: z.literal("message"),
      role: z.enum(["system", "developer", "user", "assistant"]),
      content,
      ...seen,
    }),
    z.object({ type: z.literal("function_call"), call_id: text, name: text, arguments: text, ...seen }),
    z.object({ type: z.literal("function_call_output"), call_id: text, output: content, ...seen }),
    z.object({
      type: z.literal("reasoning"),
      summary: z.array(z.object({ type: text, text })),
      content: z.array(z.object({ type: text, text })).nullish(),
      encrypted_content: optionalText,
      ...seen,
    }),
  ],
  "only messages, calls of functions and their outputs, and reasoning are allowed",
);

/** A message may come without its type. */
const AnyItem = z.preprocess(
  (item) =>
    typeof item === "object" && item && "role" in item && !("type" in item)
      ? { ...item, type: "message" }
      : item,
  Item,
);

const Tool = z.object({
  type: z.literal(
    "function",
    "only tools of type `function` are allowed; the provider's own would act on our key",
  ),
  name: text,
  description: optionalText,
  parameters: schema.nullish(),
  strict: z.boolean().nullish(),
});

const Format = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text") }),
  z.object({ type: z.literal("json_object") }),
  z.object({
    type: z.literal("json_schema"),
    name: text,
    description: text.optional(),
    schema,
    strict: z.boolean().nullish(),
  }),
]);

const Request = z.object({
  model: text,
  input: z.union([text, z.array(AnyItem)]),
  instructions: optionalText,
  tools: z.array(Tool).nullish(),
  tool_choice: z
    .union([z.enum(["none", "auto", "required"]), z.object({ type: z.literal("function"), name: text })])
    .optional(),
  parallel_tool_calls: z.boolean().nullish(),
  reasoning: z.object({ effort: optionalText, summary: optionalText }).nullish(),
  text: z.object({ format: Format.optional(), verbosity: optionalText }).nullish(),
  max_output_tokens: positive.nullish(),
  stream: z.boolean().nullish(),
  temperature: number.nullish(),
  top_p: number.nullish(),
  top_logprobs: z.int().nullish(),
  truncation: z.enum(["auto", "disabled"]).nullish(),
  // What else can be included comes from the provider's own tools.
  include: z
    .array(text)
    .nullish()
    .transform((all) => all?.filter((one) => one === "reasoning.encrypted_content")),
  user: text.optional(),
  safety_identifier: text.optional(),
  prompt_cache_key: text.optional(),
  store: never("nothing may be stored with the provider"),
  background: never("an answer in the background would outlive the run"),
  previous_response_id: never(
    "send the conversation itself; what is stored with the provider is out of reach",
  ),
  conversation: never("send the conversation itself; what is stored with the provider is out of reach"),
  prompt: never("send the prompt itself; what is stored with the provider is out of reach"),
  n: z
    .literal(1, "one answer at a time is allowed")
    .nullish()
    .transform(() => undefined),
});

const Answer = z.object({ usage: z.object({ input_tokens: count, output_tokens: count }) });
/** How a stream ends; the other events tell no usage. */
const End = z.object({
  type: z.enum(["response.completed", "response.incomplete", "response.failed"]),
  response: Answer,
});

export const responses: Api = {
  path: "/responses",
  rebuild: (given) => {
    const request = Request.parse(given);
    const output = Math.min(request.max_output_tokens ?? MOST_OUTPUT, MOST_OUTPUT);
    return {
      model: request.model,
      // Left out, `store` means yes.
      body: { ...request, max_output_tokens: output, store: false },
      output,
      images: typeof request.input === "string" ? [] : request.input.flatMap(imagesIn),
    };
  },
  headers: (key) => ({ authorization: `Bearer ${key}` }),
  usage: usageIn,
  reader: () => {
    let last: Usage | null = null;
    return {
      see: (event) => (last = usageIn(End.safeParse(event).data?.response) ?? last),
      usage: () => last,
    };
  },
};

function imagesIn(item: z.infer<typeof Item>): string[] {
  const parts =
    item.type === "message" ? item.content : item.type === "function_call_output" ? item.output : [];
  return typeof parts === "string" ? [] : parts.flatMap(imageOf);
}

function imageOf(part: Part): string[] {
  return part.type === "input_image" ? [part.image_url] : [];
}

function usageIn(answer: unknown): Usage | null {
  const { data } = Answer.safeParse(answer);
  return data ? { input: data.usage.input_tokens, output: data.usage.output_tokens } : null;
}
