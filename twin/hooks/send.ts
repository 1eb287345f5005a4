import { createHmac } from "node:crypto";
import type { App, Delivery } from "../model.ts";
import { newId } from "../store.ts";
import { childrenOf, insert, remove } from "../table.ts";
import type { World } from "../world.ts";

/** GitHub gives up on a receiver after ten seconds. */
const timeoutMs = 10_000;
/** GitHub keeps deliveries for three days; the twin keeps so many of each app. */
const kept = 500;

export interface Parcel {
  guid: string;
  event: string;
  action: string | null;
  installationId: number | null;
  repositoryId: number | null;
  redelivery: boolean;
  payload: Record<string, unknown>;
}

/** Sends a webhook once and writes into the app's delivery log how that went. Never throws. */
export async function send(world: World, app: App, parcel: Parcel, signal: AbortSignal): Promise<void> {
  const body = JSON.stringify(parcel.payload);
  const headers = headersOf(app, parcel, body);
  const begun = performance.now();
  const result = await post(app, { headers, body, signal });
  const { payload, ...about } = parcel;
  insert(world.state.deliveries, {
    id: newId(world.state),
    appId: app.id,
    ...about,
    deliveredAt: world.now(),
    durationMs: performance.now() - begun,
    status: result.status,
    statusCode: result.statusCode,
    url: app.hook.url ?? "",
    request: { headers, payload },
    response: result.response,
  });
  forget(world, app);
  world.changed();
}

type Result = Pick<Delivery, "status" | "statusCode" | "response">;

async function post(
  app: App,
  { headers, body, signal }: { headers: Record<string, string>; body: string; signal: AbortSignal },
): Promise<Result> {
  const silent = { headers: {}, payload: "" };
  if (app.hook.url === null) return { status: "no webhook URL", statusCode: 0, response: silent };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const answer = await fetch(app.hook.url, {
      method: "POST",
      headers,
      body,
      signal: limit,
      redirect: "manual",
    });
    const response = { headers: Object.fromEntries(answer.headers), payload: await answer.text() };
    const status = answer.ok ? "OK" : `Invalid HTTP Response: ${answer.status}`;
    return { status, statusCode: answer.status, response };
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    const status = late ? "timed out" : "failed to connect to host";
    return { status, statusCode: late ? 504 : 502, response: silent };
  }
}

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers */
function headersOf(app: App, parcel: Parcel, body: string): Record<string, string> {
  const digest = (algorithm: string) => createHmac(algorithm, app.hook.secret).update(body).digest("hex");
  return {
    Accept: "*/*",
    "Content-Type": "application/json",
    "User-Agent": "GitHub-Hookshot/twin",
    "X-GitHub-Delivery": parcel.guid,
    "X-GitHub-Event": parcel.event,
    "X-GitHub-Hook-ID": String(app.hook.id),
    "X-GitHub-Hook-Installation-Target-ID": String(app.id),
    "X-GitHub-Hook-Installation-Target-Type": "integration",
    "X-Hub-Signature": `sha1=${digest("sha1")}`,
    "X-Hub-Signature-256": `sha256=${digest("sha256")}`,
  };
}

function forget(world: World, app: App): void {
  const log = childrenOf(world.state.deliveries, app.id);
  for (const old of log.slice(0, Math.max(0, log.length - kept))) remove(world.state.deliveries, old);
}
