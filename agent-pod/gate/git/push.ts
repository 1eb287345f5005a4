import { rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";

import type { Lease } from "../../contract/lease.ts";
import { Refusal } from "../refusal.ts";
import { openPush } from "./body.ts";
import { makeCopy } from "./copy.ts";
import type { Mirrors, Tips } from "./mirror.ts";
import type { Origin } from "./origin.ts";
import type { PushEnd } from "./push-end.ts";
import { endAtGate, endAtGitHub } from "./push-end.ts";
import { pushOn } from "./push-on.ts";
import { receive, showRefs } from "./receive.ts";
import { advertisement, withCapability } from "./report.ts";
import type { PushRules } from "./rules.ts";

/** What pushes need of the gate. */
export interface PushGround {
  mirrors: Mirrors;
  /** GitHub's web address. */
  server: string;
  /** Where throw-away copies are made, and git's HOME. */
  copies: string;
  home: string;
  /** Bytes that one push may have. */
  pushBytes: number;
}

/** One push's repository, ref and lease. */
export interface PushTo {
  origin: Origin;
  ref: string;
  lease: Lease;
  /** Throws when the run has been stopped since. */
  stillLeased(): Promise<void>;
}

/** The refs that a pushing git is shown: its own, and those that it shares commits with. */
export function shownRefs({ git }: Lease, ref: string): string[] {
  return [...new Set([ref, git.base, ...git.known])];
}

/**
 * The answer to `info/refs?service=git-receive-pack`. `no-thin` keeps the client from sending differences to files that a
 * blobless copy hasn't got. It is also shown older commits of the base: it may not know the newest one yet, and would
 * send all history if it knew none.
 */
export async function advertise(to: PushTo, ground: PushGround, signal: AbortSignal): Promise<Buffer> {
  const tips = await ground.mirrors.tips(to.origin, shownRefs(to.lease, to.ref), signal);
  const back = await ground.mirrors.ancestors(to.origin, baseOf(to, tips));
  const refs = new Map([...tips, ...back.map((sha, n) => [`refs/coxswain/back/${n}`, sha] as const)]);
  return inCopy(to, ground, { refs, rules: null }, async (copy) => {
    const shown = await showRefs({ copy, home: ground.home, origin: to.origin }, signal);
    if (shown.length === 0) throw new Refusal(502, "gate_broke", "The gate's git didn't show its refs.");
    return advertisement("git-receive-pack", withCapability(shown, "no-thin"));
  });
}

/**
 * Takes one push into a throw-away copy, where a hook judges it, and pushes it on without force. What is refused is answered
 * as git answers it. `bytes` came from the client.
 */
export async function takePush(
  to: PushTo,
  ground: PushGround,
  client: { request: IncomingMessage; signal: AbortSignal },
): Promise<PushEnd & { bytes: number }> {
  const { request, signal } = client;
  const body = await openPush(request);
  const tips = await ground.mirrors.tips(to.origin, shownRefs(to.lease, to.ref), signal);
  const known = await ground.mirrors.knows(to.origin, body.tips);
  return inCopy(to, ground, { refs: tips, rules: rulesFor(to, ground, tips) }, async (copy) => {
    const at = { copy, home: ground.home, origin: to.origin };
    const received = await receive(at, { body, known }, signal);
    request.resume();
    const { verdict, answer, bytes } = received;
    signal.throwIfAborted();
    if (verdict?.kind !== "good" || !answer.includes(`ok ${to.ref}\n`))
      return { bytes, ...endAtGate(to.ref, received, ground.pushBytes) };
    await to.stillLeased();
    const end = await pushOn(at, to.ref, verdict, signal);
    return { bytes, ...endAtGitHub(to.ref, end, { answer, verdict }) };
  });
}

async function inCopy<T>(
  to: PushTo,
  ground: PushGround,
  parts: { refs: Tips; rules: PushRules | null },
  use: (copy: string) => Promise<T>,
): Promise<T> {
  const mirror = ground.mirrors.path(to.origin);
  const copy = await makeCopy(ground.copies, { ...parts, mirror, pushBytes: ground.pushBytes });
  try {
    return await use(copy);
  } finally {
    await rm(copy, { recursive: true, force: true, maxRetries: 5 });
  }
}

function rulesFor(to: PushTo, ground: PushGround, tips: Tips): PushRules {
  const { lease, ref, origin } = to;
  return {
    ref,
    tip: tips.get(ref) ?? null,
    base: baseOf(to, tips),
    known: [...tips.values()],
    mayTouch: lease.git.mayTouch,
    protected: lease.git.protected,
    issue: lease.issue,
    server: ground.server,
    owner: lease.repository.owner,
    name: lease.repository.name,
    mirror: ground.mirrors.path(origin),
  };
}

function baseOf({ lease }: PushTo, tips: Tips): string {
  const base = tips.get(lease.git.base);
  if (!base)
    throw new Refusal(
      403,
      "not_allowed",
      `There is no ${lease.git.base} on GitHub, so a push can't be judged by it.`,
    );
  return base;
}
