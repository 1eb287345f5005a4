import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

import { proxyPassOf } from "../admit.ts";
import { refusalFor } from "../answers.ts";
import type { Decision } from "../decision.ts";
import type { Enter } from "../enter.ts";
import { redact } from "../redact.ts";
import type { Refusal } from "../refusal.ts";
import type { GateSettings } from "../settings.ts";
import type { ConnectRoute } from "./route.ts";

/** How long a client may take to read why it was refused. */
const LAST_WORDS_MS = 2_000;

/** A CONNECT as node tells of it. */
export interface Connecting {
  request: IncomingMessage;
  client: Socket;
  /** What the client sent already, behind its request. */
  head: Buffer;
}

/** What tunnels need of the gate. */
export interface TunnelGround {
  settings: GateSettings;
  route: ConnectRoute;
  enter: Enter;
  log: (decision: Decision) => void;
  /** Aborts when tunnels that are open must end. */
  ending: AbortSignal;
}

/** Takes one CONNECT from its pass to the end of its tunnel, which gets one line in the log. Never throws. */
export async function takeConnect(
  { request, client, head }: Connecting,
  { settings, route, enter, log, ending }: TunnelGround,
): Promise<void> {
  const asked = redact((request.url ?? "").slice(0, 300), [settings.llm.key]);
  const line = { run: null as string | null, verb: "connect", target: asked };
  client.on("error", () => {}); // what uses it hears of it
  const leaving = new AbortController();
  client.once("close", () => leaving.abort());
  if (head.length > 0) client.unshift(head);
  try {
    const pass = proxyPassOf(request, settings);
    line.run = pass.run;
    const told = await enter({ pass, request, leaving: leaving.signal }, (visit) => {
      const signal = AbortSignal.any([visit.gone, ending]);
      return route.tunnel({ visit, client, target: request.url ?? "", signal });
    });
    log({ ...line, verdict: "passed", ...told });
  } catch (error) {
    const { refusal, verdict, why } = refusalFor(error);
    refuse(client, refusal);
    log({ ...line, verdict, bytes: 0, why: redact(why, [settings.llm.key]) });
  }
}

/** Proxies' clients show a status at best; some show the sentence. */
function refuse(client: Socket, { status, headers, message }: Refusal): void {
  const head = { ...headers, "content-type": "text/plain; charset=utf-8", connection: "close" };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  client.setTimeout(LAST_WORDS_MS, () => client.destroy());
  client.end([`HTTP/1.1 ${status} Refused`, ...lines, "", `${message}\n`].join("\r\n"));
  client.resume();
}
