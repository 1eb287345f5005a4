import { LLMock } from "@copilotkit/aimock";
import type { ChatCompletionRequest } from "@copilotkit/aimock";

/** What the model answers: words, or a call of a tool. */
export type Reply = { content: string } | { toolCalls: { name: string; arguments: string }[] };

/** What the model was asked last, and what its calls have told since. */
export interface Asked {
  /** The planner asks, or an agent. */
  by: "planner" | "agent";
  prompt: string;
  results: string[];
}

/** A scripted model: it answers from what it is sent, as a real one would. */
export type Script = (asked: Asked) => Reply | Promise<Reply>;

export interface ModelOptions {
  /** Where it listens: on any port of this machine alone, if it isn't given. */
  listen?: { host: string; port: number };
  /** Whether that answer comes a few letters at a time. */
  slow?: (asked: Asked) => boolean;
}

/** Serves the script as an OpenAI-compatible API. */
export async function startModel(
  script: Script,
  { listen = { host: "127.0.0.1", port: 0 }, slow = () => false }: ModelOptions = {},
): Promise<{ url: string; stop(): Promise<void> }> {
  const mock = new LLMock({ ...listen, logLevel: "silent" });
  const answer = async (request: ChatCompletionRequest) => ({
    ...(await script(askedBy(request))),
    usage: usageOf(request),
  });
  mock.on({ predicate: (request) => slow(askedBy(request)) }, answer, SLOWLY);
  mock.on({ predicate: () => true }, answer);
  await mock.start();
  return { url: `${mock.url}/v1`, stop: () => mock.stop() };
}

const SLOWLY = { latency: 500, chunkSize: 8 };

/** About what a real tokenizer would count: four characters a token. */
function usageOf(request: ChatCompletionRequest): { prompt_tokens: number; completion_tokens: number } {
  return { prompt_tokens: Math.ceil(JSON.stringify(request.messages).length / 4), completion_tokens: 80 };
}

function askedBy({ messages, tools }: ChatCompletionRequest): Asked {
  const at = messages.findLastIndex((message) => message.role === "user");
  const results = messages.slice(at + 1).filter((message) => message.role === "tool");
  return {
    by: tools?.some((tool) => tool.function.name === "answer") ? "planner" : "agent",
    prompt: textOf(messages[at]?.content ?? ""),
    results: results.map((message) => textOf(message.content ?? "")),
  };
}

const textOf = (content: NonNullable<ChatCompletionRequest["messages"][number]["content"]>): string =>
  typeof content === "string" ? content : content.map((part) => ("text" in part ? part.text : "")).join("\n");

export const call = (name: string, input: object): Reply => ({
  toolCalls: [{ name, arguments: JSON.stringify(input) }],
});

/** A call of the agent's shell. */
export const shell = (command: string): Reply => call("bash", { command, description: "Work on the task" });

/** The block that an agent's last message ends with. */
export interface Report {
  title: string;
  what: string;
  why: string;
  tested: string;
  answers: Record<string, string>;
}

/** An agent's last message. */
export const report = (said: Report): Reply => ({
  content: `Done.\n\n\`\`\`json\n${JSON.stringify(said, null, 2)}\n\`\`\``,
});

/** The last message of an agent that wasn't told what it needs: without a change its run fails, and so does the demo. */
export const lost = (what: string): Reply =>
  report({ title: "Nothing", what, why: "", tested: "", answers: {} });
