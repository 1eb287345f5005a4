import { expect, test } from "vitest";

import { chat } from "./chat.ts";
import { sentence } from "./testing/sentence.ts";

const asking = { model: "m", messages: [{ role: "user", content: "Hi" }] };
const tool = { type: "function", function: { name: "f", parameters: { type: "object" } } };
const image = (url: string) => ({
  messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }],
});
const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

test.each([
  ["no tokens named", {}, { max_completion_tokens: 16_384 }],
  ["the old name", { max_tokens: 100 }, { max_tokens: 100 }],
  ["the new name", { max_completion_tokens: 100 }, { max_completion_tokens: 100 }],
  ["too many tokens", { max_tokens: 1_000_000 }, { max_tokens: 16_384 }],
  ["both names", { max_tokens: 5, max_completion_tokens: 99_999 }, { max_completion_tokens: 16_384 }],
  [
    "a stream",
    { max_tokens: 9, stream: true },
    { max_tokens: 9, stream: true, stream_options: { include_usage: true } },
  ],
  [
    "a stream that wants no usage",
    { max_tokens: 9, stream: true, stream_options: { include_usage: false } },
    { max_tokens: 9, stream: true, stream_options: { include_usage: true } },
  ],
  ["nothing stored", { max_tokens: 9, store: false }, { max_tokens: 9 }],
  ["one answer", { max_tokens: 9, n: 1 }, { max_tokens: 9, n: 1 }],
  [
    "a dearer tier, metadata and what nobody knows",
    { max_tokens: 9, service_tier: "priority", metadata: {}, x: 1 },
    { max_tokens: 9 },
  ],
  ["an image in the request", { max_tokens: 9, ...image(PIXEL) }, { max_tokens: 9, ...image(PIXEL) }],
])("goes on: %s", (_, given, sent) => {
  const { body } = chat.rebuild({ ...asking, ...given });
  expect(JSON.parse(JSON.stringify(body))).toEqual({ ...asking, ...sent });
});

test("a conversation with tools goes on as it was", () => {
  const call = { id: "c1", type: "function", function: { name: "f", arguments: "{}" } };
  const whole = {
    ...asking,
    messages: [
      { role: "system", content: [{ type: "text", text: "Be brief." }] },
      { role: "user", content: "Hi" },
      { role: "assistant", content: null, tool_calls: [call], reasoning_content: "Hm." },
      { role: "tool", tool_call_id: "c1", content: "done" },
    ],
    tools: [tool],
    tool_choice: "auto",
    parallel_tool_calls: false,
    response_format: { type: "json_object" },
    temperature: 0,
    max_tokens: 7,
  };
  expect(JSON.parse(JSON.stringify(chat.rebuild(whole).body))).toEqual(whole);
});

test.each([
  ["n", { n: 2 }, /`n`.*one answer/],
  ["store", { store: true }, /`store`.*stored/],
  [
    "a remote image",
    image("https://example.com/a.png"),
    /`messages\.0\.content\.0\.image_url\.url`.*`data:`/,
  ],
  ["a remote image in capitals", image("HTTPS://example.com/a.png"), /`data:`/],
  [
    "a file's id",
    { messages: [{ role: "user", content: [{ type: "file", file: { file_id: "f" } }] }] },
    /text and images/,
  ],
  [
    "audio",
    { messages: [{ role: "user", content: [{ type: "input_audio", input_audio: {} }] }] },
    /text and images/,
  ],
  ["a provider's tool", { tools: [{ type: "web_search" }] }, /`tools\.0\.type`.*provider's own/],
  ["mcp", { tools: [tool, { type: "mcp", server_url: "https://example.com" }] }, /`tools\.1\.type`/],
  ["a custom tool", { tools: [{ type: "custom", custom: { name: "f" } }] }, /`tools\.0\.type`/],
  ["web search", { web_search_options: {} }, /`web_search_options`/],
  ["spoken answers", { modalities: ["text", "audio"] }, /`modalities\.1`.*text/],
  [
    "a schema from elsewhere",
    {
      tools: [
        {
          type: "function",
          function: { name: "f", parameters: { properties: { a: { $ref: "https://example.com/s" } } } },
        },
      ],
    },
    /`tools\.0\.function\.parameters`.*itself/,
  ],
  [
    "an answer's schema from elsewhere",
    { response_format: { type: "json_schema", json_schema: { name: "a", schema: { $ref: "http://x" } } } },
    /itself/,
  ],
  ["no tokens at all", { max_tokens: 0 }, /`max_tokens`.*positive/],
  ["a negative number of them", { max_completion_tokens: -1 }, /positive/],
  ["nobody's words", { messages: [] }, /`messages`/],
])("refused: %s", (_, given, says) => {
  expect(sentence(() => chat.rebuild({ ...asking, ...given }))).toMatch(says);
});

test.each([null, 1, "x", [], {}])("refused: %j for a request", (given) => {
  expect(sentence(() => chat.rebuild(given))).toMatch(/^The gate refuses/);
});

test("a schema may refer to its own parts, and describe a field called $ref", () => {
  const parameters = { $defs: { a: {} }, properties: { b: { $ref: "#/$defs/a" }, $ref: { type: "string" } } };
  const tools = [{ type: "function", function: { name: "f", parameters } }];
  expect(chat.rebuild({ ...asking, tools }).body).toMatchObject({ tools });
});

test("images are told apart from words that look like one", () => {
  const words = { role: "user", content: PIXEL };
  const shown = image(PIXEL).messages[0];
  expect(chat.rebuild({ ...asking, messages: [words, shown] }).images).toEqual([PIXEL]);
});

test("usage is read from the answer, or from the last event that tells it", () => {
  const usage = { prompt_tokens: 3, completion_tokens: 4 };
  expect(chat.usage({ usage })).toEqual({ input: 3, output: 4 });
  expect(chat.usage({ usage: { prompt_tokens: 3 } })).toBeNull();
  const reader = chat.reader();
  for (const event of [
    { choices: [], usage: null },
    { usage: { prompt_tokens: 3, completion_tokens: 1 } },
    { usage },
    null,
  ])
    reader.see(event);
  expect(reader.usage()).toEqual({ input: 3, output: 4 });
  expect(chat.reader().usage()).toBeNull();
});
