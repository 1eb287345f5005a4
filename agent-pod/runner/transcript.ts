import type { SessionUpdate } from "@agentclientprotocol/sdk";

import type { Printer } from "./printer.ts";

const KEPT_CHARS = 200_000;
const PRINTED_CHARS = 4_000;
/** What is said is shown when nothing was added for so long, finished or not. */
const QUIET_MS = 1_000;

/** Gathers what the agent says and does, and prints it a message at a time. */
export interface Transcript {
  take(update: SessionUpdate): void;
  /** What the agent said since the last call, messages parted by an empty line; of very much, the end. */
  said(): string;
}

export function transcript(printer: Printer): Transcript {
  let said = "";
  let unprinted = "";
  let message: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  const tools = new Map<string, { title: string; printed: string }>();

  const flush = (): void => {
    clearTimeout(timer);
    printer.said(unprinted.trim());
    unprinted = "";
  };
  const say = (text: string, id: string | null): void => {
    if (id !== message) breakMessage();
    message = id;
    said = (said + text).slice(-KEPT_CHARS);
    unprinted += text;
    clearTimeout(timer);
    if (unprinted.length >= PRINTED_CHARS) flush();
    else timer = setTimeout(flush, QUIET_MS).unref();
  };
  const breakMessage = (): void => {
    flush();
    if (said !== "" && !said.endsWith("\n\n")) said += "\n\n";
  };
  const tool = (id: string, title: string | null | undefined, status: string | null | undefined): void => {
    const known = tools.get(id) ?? { title: "a tool", printed: "" };
    known.title = title ?? known.title;
    tools.set(id, known);
    if (status !== "in_progress" && status !== "completed" && status !== "failed") return;
    const text = status === "failed" ? `${known.title} (failed)` : known.title;
    if (text !== known.printed) printer.tool(text);
    known.printed = text;
    if (status !== "in_progress") tools.delete(id);
  };

  return {
    take: (update) => {
      const kind = update.sessionUpdate;
      if (kind === "agent_message_chunk" && update.content.type === "text") {
        say(update.content.text, update.messageId ?? null);
      }
      if (kind === "tool_call" || kind === "tool_call_update") {
        breakMessage();
        tool(update.toolCallId, update.title, update.status);
      }
    },
    said: () => {
      flush();
      const all = said.trim();
      said = "";
      return all;
    },
  };
}
