import { deriveKey, signPass } from "../../../agent-pod/contract/pass.ts";
import type { Attack } from "../pods/attack.ts";
import type { Row } from "./row.ts";
import type { Scene } from "./scene.ts";

export const CHAT = "/llm/v1/chat/completions";

/** A question to the model that costs few tokens, but for what `more` asks for. */
export const question = (more: object = {}): object => ({
  model: "scripted",
  max_tokens: 50,
  messages: [{ role: "user", content: "Who are you?" }],
  ...more,
});

/** A pass, and what is told when the model is asked with it. */
function withPass(
  name: string,
  pass: (scene: Scene) => string,
  { got, why, run = () => null }: { got: RegExp; why: RegExp; run?: (scene: Scene) => string | null },
): Row {
  return {
    name: `the model, with ${name}`,
    attack: (scene) => ({ kind: "ask", path: CHAT, body: question(), pass: pass(scene) }),
    got,
    line: (scene) => ({ run: run(scene), verb: "llm", target: `POST ${CHAT}`, why }),
  };
}

/** A request that asks the provider for more than an answer. */
function greedy(name: string, body: object, why: RegExp, path: string = CHAT): Row {
  return {
    name: `the model, with ${name}`,
    attack: () => ({ kind: "ask", path, body: { model: "scripted", ...body } }),
    got: /^400 .*bad_request/,
    line: ({ agent }) => ({ run: agent.run, verb: "llm", target: `POST ${path}`, why }),
  };
}

const REFUSED = /^403 .*bad_pass/;
const RESPONSES = "/llm/v1/responses";
const MESSAGES = "/llm/v1/messages";
const text = (content: unknown): object => ({ messages: [{ role: "user", content }] });
const image = { type: "image_url", image_url: { url: "http://169.254.169.254/a.png" } };
const search = { type: "web_search_20250305", name: "web_search" };
const mcp = { type: "mcp", server_label: "x", server_url: "https://evil.example/mcp" };

/** Requests to the model, all of them from one agent's pod. `key` is the app's private one. */
export const requests = (key: () => string): Row[] => [
  withPass("its own pass, past its expiry", (scene) => signed(scene, key(), -1), {
    got: REFUSED,
    why: /the pass has expired/,
  }),
  withPass("its own pass, changed to expire later", ({ agent }) => changed(agent.pass), {
    got: REFUSED,
    why: /isn't signed by this app/,
  }),
  withPass("another run's pass", ({ poor }) => poor.pass, {
    got: REFUSED,
    why: /belongs to another address/,
    run: ({ poor }) => poor.run,
  }),
  greedy("its provider's search", { ...question(), tools: [{ type: "web_search" }] }, /`tools\.0\.type`/),
  greedy("search as an option", { ...question(), web_search_options: {} }, /`web_search_options`/),
  greedy("a remote image", text([image]), /`messages\.0\.content\.0\.image_url\.url`.*`data:`/),
  greedy("two answers", { ...question(), n: 2 }, /`n`.*one answer/),
  greedy("another model", { ...question(), model: "dearest" }, /no other model/),
  greedy("MCP", { input: "Hi", tools: [mcp] }, /`tools\.0\.type`/, RESPONSES),
  greedy(
    "a remote file",
    { input: [{ role: "user", content: [remoteFile()] }] },
    /text and images/,
    RESPONSES,
  ),
  greedy("an answer to be stored", { input: "Hi", store: true }, /`store`/, RESPONSES),
  greedy("work in the background", { input: "Hi", background: true }, /`background`/, RESPONSES),
  greedy(
    "an answer of before",
    { input: "Hi", previous_response_id: "resp_1" },
    /`previous_response_id`/,
    RESPONSES,
  ),
  greedy(
    "Anthropic's search",
    { max_tokens: 9, ...text("Hi"), tools: [search] },
    /`tools\.0\.type`/,
    MESSAGES,
  ),
  greedy("a remote picture", { max_tokens: 9, ...text([remotePicture()]) }, /`.*source\.type`/, MESSAGES),
  {
    name: "a body without end",
    attack: () => ({ kind: "pour", path: CHAT }),
    got: /^413 .*too_large/,
    line: ({ agent }) => lineOf(agent.run, /larger than \d+ bytes/),
  },
  {
    name: "a proxy's request for metadata",
    attack: () => raw("GET http://169.254.169.254/latest/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"),
    got: /^HTTP\/1\.1 404 /,
    line: () => ({ run: null, verb: "", target: "GET http://169.254.169.254/latest/", why: /nothing else/ }),
  },
];

/** Those that take a minute. */
export const SLOW_REQUESTS: Row[] = [
  {
    name: "a slow body",
    attack: () => ({ kind: "drip", path: CHAT }),
    got: /^408 .*too_slow/,
    line: ({ agent }) => lineOf(agent.run, /longer than 60 seconds/),
  },
  {
    name: "a slow head",
    attack: () => raw(`POST ${CHAT} HTTP/1.1\r\nhost: gate\r\nx-slow: `, { slow: true }),
    got: /^HTTP\/1\.1 408 /,
    line: () => ({ run: null, verb: "", target: "", why: /seconds/ }),
  },
];

const lineOf = (run: string, why: RegExp) => ({ run, verb: "llm", target: `POST ${CHAT}`, why });

const raw = (words: string, more: { slow?: boolean } = {}): Attack => ({
  kind: "raw",
  bytes: Buffer.from(words).toString("base64"),
  ...more,
});

/** The agent's own pass as the app would make it, good for so many seconds from now. */
export function signed({ agent }: Scene, privateKey: string, seconds: number): string {
  const expires = Math.floor(Date.now() / 1000) + seconds;
  return signPass({ ...partsOf(agent.pass), expires }, deriveKey(privateKey, "pass"));
}

function changed(pass: string): string {
  const parts = partsOf(pass);
  const body = Buffer.from(JSON.stringify({ ...parts, expires: parts.expires + 3600 })).toString("base64url");
  return `cxp_${body}.${pass.split(".")[1]}`;
}

function partsOf(pass: string): Parameters<typeof signPass>[0] {
  const [body = ""] = pass.slice("cxp_".length).split(".");
  return JSON.parse(Buffer.from(body, "base64url").toString()) as Parameters<typeof signPass>[0];
}

function remoteFile(): object {
  return { type: "input_file", file_url: "https://evil.example/a.pdf" };
}

function remotePicture(): object {
  return { type: "image", source: { type: "url", url: "https://evil.example/a.png" } };
}
