import { expect, test } from "vitest";

import { responses } from "./responses.ts";
import { sentence } from "./testing/sentence.ts";

const asking = { model: "m", input: "Hi" };
const shown = (part: object) => ({ input: [{ role: "user", content: [part] }] });
const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

test.each([
  ["no tokens named", {}, { max_output_tokens: 16_384 }],
  ["tokens", { max_output_tokens: 10 }, { max_output_tokens: 10 }],
  ["too many tokens", { max_output_tokens: 99_999 }, { max_output_tokens: 16_384 }],
  ["a stream", { stream: true }, { max_output_tokens: 16_384, stream: true }],
  [
    "what may be included",
    { include: ["reasoning.encrypted_content", "web_search_call.results"] },
    { max_output_tokens: 16_384, include: ["reasoning.encrypted_content"] },
  ],
  ["no background", { background: false, previous_response_id: null }, { max_output_tokens: 16_384 }],
  [
    "metadata and what nobody knows",
    { metadata: { a: "b" }, service_tier: "flex", x: 1 },
    { max_output_tokens: 16_384 },
  ],
])("goes on, and is never stored: %s", (_, given, sent) => {
  const { body } = responses.rebuild({ ...asking, ...given });
  expect(JSON.parse(JSON.stringify(body))).toEqual({ ...asking, ...sent, store: false });
});

test("a conversation with tools and thoughts goes on as it was", () => {
  const whole = {
    ...asking,
    input: [
      { type: "message", role: "developer", content: "Be brief." },
      { type: "message", role: "user", content: [{ type: "input_image", image_url: PIXEL, detail: "low" }] },
      {
        type: "reasoning",
        id: "rs_1",
        summary: [{ type: "summary_text", text: "Hm." }],
        encrypted_content: "…",
      },
      { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
      { type: "function_call_output", call_id: "c1", output: "done" },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "Done." }] },
    ],
    instructions: "Work.",
    tools: [{ type: "function", name: "f", parameters: { type: "object" }, strict: false }],
    tool_choice: "auto",
    reasoning: { effort: "low" },
    max_output_tokens: 5,
    store: false,
  };
  const rebuilt = responses.rebuild(whole);
  expect(JSON.parse(JSON.stringify(rebuilt.body))).toEqual(whole);
  expect(rebuilt.images).toEqual([PIXEL]);
});

test("a message may come without its type", () => {
  const { body } = responses.rebuild({ ...asking, input: [{ role: "user", content: "Hi" }] });
  expect(body).toMatchObject({ input: [{ type: "message", role: "user", content: "Hi" }] });
});

test.each([
  ["store", { store: true }, /`store`/],
  ["background", { background: true }, /`background`/],
  ["an answer before", { previous_response_id: "resp_1" }, /`previous_response_id`/],
  ["a conversation", { conversation: "conv_1" }, /`conversation`/],
  ["a stored prompt", { prompt: { id: "pmpt_1" } }, /`prompt`/],
  ["n", { n: 2 }, /`n`/],
  ["a remote image", shown({ type: "input_image", image_url: "http://x/a.png" }), /`data:`/],
  [
    "an image's id",
    shown({ type: "input_image", image_url: PIXEL, file_id: "f" }),
    /`input\.0\.content\.0\.file_id`/,
  ],
  ["a remote file", shown({ type: "input_file", file_url: "http://x/a.pdf" }), /text and images/],
  ["a reference to an item", { input: [{ type: "item_reference", id: "msg_1" }] }, /`input\.0\.type`/],
  ["the provider's search", { tools: [{ type: "web_search_preview" }] }, /`tools\.0\.type`/],
  [
    "the provider's shell",
    { tools: [{ type: "code_interpreter", container: { type: "auto" } }] },
    /`tools\.0\.type`/,
  ],
  ["mcp", { tools: [{ type: "mcp", server_label: "x", server_url: "http://x" }] }, /`tools\.0\.type`/],
  ["a provider's tool chosen", { tool_choice: { type: "file_search" } }, /`tool_choice/],
])("refused: %s", (_, given, says) => {
  expect(sentence(() => responses.rebuild({ ...asking, ...given }))).toMatch(says);
});

test("usage is read from the answer, or from the event that ends the stream", () => {
  const usage = { input_tokens: 3, output_tokens: 4, total_tokens: 7 };
  expect(responses.usage({ usage })).toEqual({ input: 3, output: 4 });
  const reader = responses.reader();
  reader.see({ type: "response.created", response: { usage: null } });
  reader.see({ type: "response.in_progress", response: { usage } });
  expect(reader.usage()).toBeNull();
  reader.see({ type: "response.completed", response: { usage } });
  expect(reader.usage()).toEqual({ input: 3, output: 4 });
});
