import { setTimeout as sleep } from "node:timers/promises";

import type { Note } from "../contract/notes.ts";
import { Notes } from "../contract/notes.ts";
import { RunFailure } from "./failure.ts";
import { oneLine } from "./text.ts";

const READY_MS = 30_000;
/** A lease is gone for as long as nobody follows the run: a restart of the app. */
const LEASE_MS = 120_000;
/** The gate answers a long poll after 25 s. */
const NOTES_MS = 40_000;

/** What the gate says of the model, asked before the agent starts and when the agent fails. */
type ModelState = { kind: "answers" } | { kind: "spent"; say: string } | { kind: "unreachable"; say: string };

export interface Gate {
  /** Waits until the gate answers and takes the pass, which pins it to this address. Throws `RunFailure`. */
  greet(): Promise<void>;
  model(): Promise<ModelState>;
  /** Notes with a number above `after`, as soon as there is one; none after a while. */
  notes(after: number, signal: AbortSignal): Promise<Note[]>;
}

/** The gate's routes, but git's. */
export function gateAt(base: string, pass: string): Gate {
  const ask = (path: string, init: RequestInit, ms: number): Promise<Response> =>
    fetch(`${base}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${pass}` },
      signal: init.signal ? AbortSignal.any([init.signal, AbortSignal.timeout(ms)]) : AbortSignal.timeout(ms),
    });
  return {
    greet: async () => {
      await ready(() => ask("/health", {}, 5_000));
      await hello(() => ask("/hello", { method: "POST" }, 10_000));
    },
    model: () => modelState(() => ask("/llm/v1/models", {}, 20_000)),
    notes: async (after, signal) => {
      const response = await ask(`/notes?after=${after}`, { signal }, NOTES_MS);
      if (!response.ok) throw new Error(`The gate answered ${response.status} when asked for notes.`);
      return Notes.parse(await response.json()).notes;
    },
  };
}

async function ready(ask: () => Promise<Response>): Promise<void> {
  for (const until = Date.now() + READY_MS; Date.now() < until; await sleep(250)) {
    const response = await ask().catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return;
  }
  throw new RunFailure("clone", `The gate didn't answer within ${READY_MS / 1000} seconds.`);
}

async function hello(ask: () => Promise<Response>): Promise<void> {
  let said = "";
  for (const until = Date.now() + LEASE_MS; Date.now() < until; await sleep(1_000)) {
    const response = await ask().catch(() => null);
    if (response?.ok) return;
    said = response ? await sentenceOf(response) : "it doesn't answer";
    if (response && response.status < 500) break;
  }
  throw new RunFailure("clone", `The gate refused this run's pass: ${said}`);
}

/** A gate that restarts, and a lease that isn't there yet (503), are waited for; what else it answers stays as it is. */
async function modelState(ask: () => Promise<Response>): Promise<ModelState> {
  const begun = Date.now();
  for (;;) {
    const response = await ask().catch(() => null);
    if (response?.ok) {
      await response.body?.cancel();
      return { kind: "answers" };
    }
    const body = (await response?.text().catch(() => "")) ?? "";
    if (response?.status === 403 && body.includes("budget_spent"))
      return { kind: "spent", say: sentenceIn(body) };
    const patience = response === null ? READY_MS : response.status === 503 ? LEASE_MS : 0;
    if (Date.now() - begun < patience) await sleep(1_000);
    else if (response === null)
      return { kind: "unreachable", say: "The gate doesn't answer when asked for the model." };
    else
      return {
        kind: "unreachable",
        say: `The model can't be used (${response.status}): ${sentenceIn(body)}`,
      };
  }
}

async function sentenceOf(response: Response): Promise<string> {
  return sentenceIn(await response.text().catch(() => ""));
}

/** The sentence in an answer of the gate's: `{"error": {"message"}}` as the model's APIs have it, or plain text. */
function sentenceIn(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    const error = typeof parsed === "object" && parsed && "error" in parsed ? parsed.error : parsed;
    if (typeof error === "string") return oneLine(error, 500);
    if (typeof error === "object" && error && "message" in error) return oneLine(String(error.message), 500);
  } catch {
    // plain text
  }
  return oneLine(body, 500);
}
