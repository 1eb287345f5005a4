import { expect, test } from "vitest";

import { messages } from "./messages.ts";
import { sentence } from "./testing/sentence.ts";

const asking = { model: "m", messages: [{ role: "user", content: "Hi" }], max_tokens: 100 };
const shown = (block: object) => ({ messages: [{ role: "user", content: [block] }] });
const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } };

test.each([
  ["plain", {}, {}],
  ["too many tokens", { max_tokens: 64_000 }, { max_tokens: 16_384 }],
  [
    "thoughts longer than the answer may be",
    { max_tokens: 64_000, thinking: { type: "enabled", budget_tokens: 32_000 } },
    { max_tokens: 16_384, thinking: { type: "enabled", budget_tokens: 16_383 } },
  ],
  ["a stream", { stream: true }, { stream: true }],
  ["metadata, a tier and what nobody knows", { metadata: { user_id: "u" }, service_tier: "auto", x: 1 }, {}],
])("goes on: %s", (_, given, sent) => {
  const { body } = messages.rebuild({ ...asking, ...given });
  expect(JSON.parse(JSON.stringify(body))).toEqual({ ...asking, ...sent });
});

test("a conversation with tools, thoughts and cached parts goes on as it was", () => {
  const whole = {
    ...asking,
    system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
    messages: [
      { role: "user", content: [image, { type: "text", text: "Hi" }] },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Hm.", signature: "s" },
          { type: "tool_use", id: "t1", name: "f", input: { a: 1 } },
        ],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: [image] }] },
    ],
    tools: [{ name: "f", input_schema: { type: "object" } }],
    tool_choice: { type: "auto" },
  };
  const rebuilt = messages.rebuild(whole);
  expect(JSON.parse(JSON.stringify(rebuilt.body))).toEqual(whole);
  expect(rebuilt.images).toEqual([image.source.data, image.source.data]);
});

test.each([
  [
    "a remote image",
    shown({ type: "image", source: { type: "url", url: "http://x/a.png" } }),
    /`messages\.0\.content\.0\.source\.type`/,
  ],
  [
    "an image's id",
    shown({ type: "image", source: { type: "file", file_id: "f" } }),
    /`messages\.0\.content\.0\.source\.type`/,
  ],
  [
    "a document",
    shown({ type: "document", source: { type: "url", url: "http://x/a.pdf" } }),
    /text, images and calls/,
  ],
  [
    "the provider's search",
    { tools: [{ type: "web_search_20250305", name: "web_search" }] },
    /`tools\.0\.type`/,
  ],
  [
    "the provider's code",
    { tools: [{ type: "code_execution_20250522", name: "x", input_schema: {} }] },
    /`tools\.0\.type`/,
  ],
  ["mcp", { mcp_servers: [{ type: "url", url: "http://x" }] }, /`mcp_servers`/],
  ["a container", { container: "c" }, /`container`/],
  ["no limit", { max_tokens: undefined }, /`max_tokens`/],
])("refused: %s", (_, given, says) => {
  expect(sentence(() => messages.rebuild({ ...asking, ...given }))).toMatch(says);
});

test("usage counts what the cache took and gave, and a stream's end", () => {
  const input = { input_tokens: 3, cache_creation_input_tokens: 5, cache_read_input_tokens: 7 };
  expect(messages.usage({ usage: { ...input, output_tokens: 4 } })).toEqual({ input: 15, output: 4 });
  const reader = messages.reader();
  reader.see({ type: "message_start", message: { usage: { ...input, output_tokens: 1 } } });
  reader.see({ type: "content_block_delta", delta: { text: "Hi" } });
  expect(reader.usage()).toBeNull();
  reader.see({ type: "message_delta", usage: { output_tokens: 4 } });
  expect(reader.usage()).toEqual({ input: 15, output: 4 });
});
