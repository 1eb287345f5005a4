import type { IncomingMessage } from "node:http";

import type { Redis } from "ioredis";

import { Lease, leaseKey, pinKey } from "../contract/lease.ts";
import type { Pass } from "../contract/pass.ts";
import { readPass } from "../contract/pass.ts";
import type { Patiently } from "./patience.ts";
import { asked } from "./redis.ts";
import { Refusal } from "./refusal.ts";
import type { GateSettings } from "./settings.ts";

/** Who asks, and what that run may do. */
export interface Admitted {
  pass: Pass;
  lease: Lease;
}

/** A request whose pass is good now. */
export interface Visit extends Admitted {
  /** Aborts with a `Refusal` when the lease is gone: the run was stopped while its request was under way. */
  gone: AbortSignal;
  /** For what is asked of Redis later in the request. */
  patiently: Patiently;
}

/**
 * Whether the bearer of `pass` may come in now: its lease must be there and of the same attempt, and it must come from the
 * address that used it first. Throws a `Refusal` otherwise.
 */
export async function admit(
  request: IncomingMessage,
  pass: Pass,
  settings: GateSettings,
  redis: Redis,
): Promise<Admitted> {
  const { prefix } = settings;
  const mine = `${pass.attempt} ${addressOf(request)}`;
  // In one round trip: all requests but the first find their own pin.
  const [leased = null, pinned] = await asked(
    redis.mget(leaseKey(prefix, pass.run), pinKey(prefix, pass.run)),
  );
  const lease = goodLease(leased, pass);
  // The planner's pass isn't bound: it is in no pod, and another replica of the app may go on with it.
  if (pinned !== mine && lease.purpose !== "plan") await pin(redis, prefix, pass, mine);
  return { pass, lease };
}

/** The lease of the pass's run and attempt, read anew each time. Throws a `Refusal` without one: 503, and the runner waits. */
export async function readLease(redis: Redis, prefix: string, pass: Pass): Promise<Lease> {
  return goodLease(await asked(redis.get(leaseKey(prefix, pass.run))), pass);
}

function goodLease(text: string | null, pass: Pass): Lease {
  if (text === null)
    throw noLease("Nobody follows this run right now: it has no lease, so nothing is allowed.");
  const lease = parsed(text);
  if (!lease) throw noLease("The lease of this run can't be read, so nothing is allowed.");
  if (lease.run !== pass.run || lease.attempt !== pass.attempt)
    throw new Refusal(
      403,
      "bad_pass",
      `The pass is of attempt ${pass.attempt} of its run, and another attempt has the lease.`,
    );
  return lease;
}

function parsed(text: string): Lease | null {
  try {
    return Lease.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function noLease(sentence: string): Refusal {
  return new Refusal(503, "no_lease", sentence);
}

const NO_PASS = "The gate lets nobody in without a pass.";
const BASIC = 'Basic realm="coxswain"';

/** The pass in `request`, signed by this app and in time. Throws a `Refusal` without one. */
export function passOf(request: IncomingMessage, settings: GateSettings): Pass {
  const { authorization, "x-api-key": key } = request.headers;
  const token = tokenIn(authorization) ?? (typeof key === "string" ? key : null);
  // git asks without a pass first, even where its address holds one.
  if (token === null) throw new Refusal(401, "no_pass", NO_PASS, { "www-authenticate": BASIC });
  return goodPass(token, settings);
}

/** The same for a CONNECT, where the pass comes as the proxy's password: `http://run:<pass>@gate`. */
export function proxyPassOf(request: IncomingMessage, settings: GateSettings): Pass {
  const token = tokenIn(request.headers["proxy-authorization"]);
  if (token === null) throw new Refusal(407, "no_pass", NO_PASS, { "proxy-authenticate": BASIC });
  return goodPass(token, settings);
}

function goodPass(token: string, settings: GateSettings): Pass {
  const pass = readPass(token, settings.passKeys, new Date());
  if ("refused" in pass) throw new Refusal(403, "bad_pass", `The gate refuses this: ${pass.refused}.`);
  if (settings.prefix.split(":").at(-1) !== pass.app)
    throw new Refusal(403, "bad_pass", "The gate refuses this: the pass is another app's.");
  return pass;
}

/** The pass as git sends it (a password), as the model's clients do (a bearer token), or null. */
function tokenIn(header: string | undefined): string | null {
  const [scheme = "", value = ""] = (header ?? "").split(" ");
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() === "basic") {
    const pair = Buffer.from(value, "base64").toString();
    return pair.slice(pair.indexOf(":") + 1);
  }
  return null;
}

/**
 * Binds the run to `mine`, which is its attempt and the address that its pass is used from first: `POST /hello`, which the
 * runner sends before any code of the repository runs. A later attempt of the run, in another pod, binds anew.
 */
async function pin(redis: Redis, prefix: string, pass: Pass, mine: string): Promise<void> {
  const key = pinKey(prefix, pass.run);
  await asked(redis.set(key, mine, "EXAT", pass.expires, "NX"));
  const pinned = await asked(redis.get(key));
  if (pinned === mine) return;
  if (pinned === null || Number(pinned.split(" ")[0]) >= pass.attempt)
    throw new Refusal(
      403,
      "bad_pass",
      "This pass belongs to another address: it is good only where it was used first.",
    );
  await asked(redis.set(key, mine, "EXAT", pass.expires));
}

function addressOf(request: IncomingMessage): string {
  // On a socket for both families an IPv4 address looks like ::ffff:10.0.0.7.
  return (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}
