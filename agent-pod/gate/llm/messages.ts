import { z } from "zod";

import type { Api } from "./api.ts";
import { MOST_OUTPUT } from "./api.ts";
import type { Usage } from "./budget.ts";
import { count, imageType, json, never, number, positive, schema, text } from "./fields.ts";

// https://docs.claude.com/en/api/messages

const VERSION = "2023-06-01";

const cached = { cache_control: z.object({ type: z.literal("ephemeral"), ttl: text.optional() }).nullish() };
const inline = z.object({
  type: z.literal("base64", "only content in the request itself is allowed"),
  media_type: imageType,
  data: text,
});

const Text = z.object({ type: z.literal("text"), text, ...cached });
const Image = z.object({ type: z.literal("image"), source: inline, ...cached });
const kinds = "of content, only text, images and calls of tools are allowed";
const Shown = z.discriminatedUnion("type", [Text, Image], kinds);

const Block = z.discriminatedUnion(
  "type",
  [
    Text,
    Image,
    z.object({ type: z.literal("tool_use"), id: text, name: text, input: json, ...cached }),
    z.object({
      type: z.literal("tool_result"),
      tool_use_id: text,
      content: z.union([text, z.array(Shown)]).optional(),
      is_error: z.boolean().optional(),
      ...cached,
    }),
    z.object({ type: z.literal("thinking"), thinking: text, signature: text }),
    z.object({ type: z.literal("redacted_thinking"), data: text }),
  ],
  kinds,
);
type Block = z.infer<typeof Block>;

const Tool = z.object({
  type: z
    .literal("custom", "only tools of the agent's own are allowed; the provider's would act on our key")
    .nullish(),
  name: text,
  description: text.optional(),
  input_schema: schema,
  ...cached,
});

const Request = z.object({
  model: text,
  messages: z
    .array(z.object({ role: z.enum(["user", "assistant"]), content: z.union([text, z.array(Block)]) }))
    .min(1),
  system: z.union([text, z.array(Text)]).optional(),
  max_tokens: positive,
  tools: z.array(Tool).optional(),
  tool_choice: z
    .object({
      type: z.enum(["auto", "any", "tool", "none"]),
      name: text.optional(),
      disable_parallel_tool_use: z.boolean().optional(),
    })
    .optional(),
  thinking: z
    .object({ type: z.enum(["enabled", "disabled", "adaptive"]), budget_tokens: positive.optional() })
    .optional(),
  stop_sequences: z.array(text).optional(),
  stream: z.boolean().optional(),
  temperature: number.optional(),
  top_p: number.optional(),
  top_k: number.optional(),
  n: z
    .literal(1, "one answer at a time is allowed")
    .nullish()
    .transform(() => undefined),
  mcp_servers: never("the provider's own tools would act on our key"),
  container: never("the provider's own tools would act on our key"),
  store: never("nothing may be stored with the provider"),
});

const Input = z.object({
  input_tokens: count,
  cache_creation_input_tokens: count.nullish(),
  cache_read_input_tokens: count.nullish(),
});
const Answer = z.object({ usage: z.object({ ...Input.shape, output_tokens: count }) });
const Start = z.object({ type: z.literal("message_start"), message: z.object({ usage: Input }) });
const Delta = z.object({ type: z.literal("message_delta"), usage: z.object({ output_tokens: count }) });

export const messages: Api = {
  path: "/messages",
  rebuild: (given) => {
    const request = Request.parse(given);
    const output = Math.min(request.max_tokens, MOST_OUTPUT);
    const budget = request.thinking?.budget_tokens;
    // Thoughts are part of the answer, and must leave room for it.
    const thinking = budget
      ? { thinking: { ...request.thinking, budget_tokens: Math.min(budget, output - 1) } }
      : {};
    return {
      model: request.model,
      body: { ...request, max_tokens: output, ...thinking },
      output,
      images: request.messages.flatMap(({ content }) =>
        typeof content === "string" ? [] : content.flatMap(imagesIn),
      ),
    };
  },
  headers: (key) => ({ "x-api-key": key, "anthropic-version": VERSION }),
  usage: (answer) => {
    const { data } = Answer.safeParse(answer);
    return data ? { input: inputOf(data.usage), output: data.usage.output_tokens } : null;
  },
  reader,
};

function reader(): ReturnType<Api["reader"]> {
  let input: number | null = null;
  let output: number | null = null;
  return {
    see: (event) => {
      const start = Start.safeParse(event).data;
      if (start) input = inputOf(start.message.usage);
      // It counts from the beginning, and comes with the end alone.
      output = Delta.safeParse(event).data?.usage.output_tokens ?? output;
    },
    usage: (): Usage | null => (input === null || output === null ? null : { input, output }),
  };
}

/** What was read from the cache or written to it isn't among `input_tokens`. */
function inputOf(usage: z.infer<typeof Input>): number {
  return usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
}

function imagesIn(block: Block): string[] {
  if (block.type === "image") return [block.source.data];
  if (block.type !== "tool_result" || !Array.isArray(block.content)) return [];
  return block.content.flatMap((shown) => (shown.type === "image" ? [shown.source.data] : []));
}
