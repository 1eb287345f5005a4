import { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

import type {
  ClientConnection,
  RequestPermissionRequest,
  RequestPermissionResponse,
} from "@agentclientprotocol/sdk";
import { client, methods, ndJsonStream, PROTOCOL_VERSION } from "@agentclientprotocol/sdk";

import type { Child } from "./child.ts";
import { endChild, startChild } from "./child.ts";
import { RunFailure } from "./failure.ts";
import type { Printer } from "./printer.ts";
import { tailOf } from "./text.ts";
import type { Transcript } from "./transcript.ts";
import { transcript } from "./transcript.ts";

const START_MS = 120_000;
const CANCEL_MS = 5_000;
const KILL_GRACE_MS = 5_000;
const STDERR_CHARS = 4_000;

/** How one prompt to the agent ended. */
export type Turn =
  | { kind: "ended"; said: string }
  | { kind: "cancelled"; said: string }
  /** It refused, reported an error, or is gone; `why` is a sentence. */
  | { kind: "broken"; said: string; why: string };

export interface Agent {
  /** Prompts it and waits for the end of its turn, which `signal` cancels. */
  prompt(text: string, signal: AbortSignal): Promise<Turn>;
  end(): Promise<void>;
}

/** Starts an ACP agent in `tree` and opens a session. Throws `RunFailure` when it doesn't get that far. */
export async function startAgent(
  command: readonly string[],
  place: { tree: string; env: Record<string, string>; printer: Printer },
): Promise<Agent> {
  const child = startChild(command, { cwd: place.tree, env: place.env });
  const talk = transcript(place.printer);
  const gone = lastWords(child);
  const connection = connect(child, talk);
  const timeout = new AbortController();
  try {
    const late = sleep(START_MS, `it didn't start within ${START_MS / 1000} seconds`, {
      signal: timeout.signal,
    });
    const opened = await Promise.race([openSession(connection, place.tree), gone, late]);
    if (typeof opened === "string") throw new Error(opened);
    return agentOf(child, connection, { id: opened.id, talk, gone });
  } catch (error) {
    await endChild(child, KILL_GRACE_MS);
    throw new RunFailure("agent", `The agent couldn't be started: ${messageOf(error)}`);
  } finally {
    timeout.abort();
  }
}

function connect(child: Child, talk: Transcript): ClientConnection {
  const stream = ndJsonStream(
    Writable.toWeb(child.stdin),
    Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>,
  );
  return client({ name: "coxswain" })
    .onRequest(methods.client.session.requestPermission, ({ params }) => permit(params))
    .onNotification(methods.client.session.update, ({ params }) => talk.take(params.update))
    .connect(stream);
}

async function openSession(connection: ClientConnection, tree: string): Promise<{ id: string }> {
  await connection.agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: {},
    clientInfo: { name: "coxswain", version: "0.1.0" },
  });
  const session = await connection.agent.request(methods.agent.session.new, { cwd: tree, mcpServers: [] });
  return { id: session.sessionId };
}

function agentOf(
  child: Child,
  connection: ClientConnection,
  session: { id: string; talk: Transcript; gone: Promise<string> },
): Agent {
  const { id, talk, gone } = session;
  const turnOf = async (text: string): Promise<Turn> => {
    const answered = connection.agent
      .request(methods.agent.session.prompt, { sessionId: id, prompt: [{ type: "text", text }] })
      .then(
        ({ stopReason }) => ({ stopReason }),
        // Its connection closes a moment before its exit is known, which tells more.
        async (error: unknown) => Promise.race([gone, sleep(500, messageOf(error))]),
      );
    const end = await Promise.race([answered, gone]);
    const said = talk.said();
    if (typeof end === "string") return { kind: "broken", said, why: `The agent failed: ${end}` };
    if (end.stopReason === "cancelled") return { kind: "cancelled", said };
    if (end.stopReason === "refusal") return { kind: "broken", said, why: "The agent refused to do this." };
    return { kind: "ended", said };
  };
  const cancelled = async (signal: AbortSignal): Promise<Turn> => {
    await aborted(signal);
    await connection.agent.notify(methods.agent.session.cancel, { sessionId: id }).catch(() => {});
    await sleep(CANCEL_MS);
    return { kind: "cancelled", said: talk.said() };
  };
  return {
    prompt: (text, signal) => Promise.race([turnOf(text), cancelled(signal)]),
    end: async () => {
      connection.close();
      await endChild(child, KILL_GRACE_MS);
    },
  };
}

/** Says yes to whatever the agent asks leave for: its walls are the pod's and the gate's. */
function permit({ options }: RequestPermissionRequest): RequestPermissionResponse {
  const chosen =
    options.find((option) => option.kind === "allow_always") ??
    options.find((option) => option.kind === "allow_once");
  return chosen
    ? { outcome: { outcome: "selected", optionId: chosen.optionId } }
    : { outcome: { outcome: "cancelled" } };
}

/** Resolves when the agent's process has ended, with how, and the end of what it wrote to stderr, which is drained here. */
function lastWords(child: Child): Promise<string> {
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARS);
  });
  return new Promise((resolve) => {
    const tell = (how: string): void => {
      const words = tailOf(stderr, 600);
      resolve(words === "" ? how : `${how}. Its last words: ${words}`);
    };
    child.once("error", (error) => tell(messageOf(error)));
    child.once("exit", (code, signal) => {
      const how = code === null ? `it was ended by ${signal}` : `it exited with code ${code}`;
      // Its pipes end a little later, and with children of its own maybe never.
      setTimeout(() => tell(how), 200);
    });
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
