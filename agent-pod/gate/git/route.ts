import { rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";

import type { Redis } from "ioredis";

import type { Visit } from "../admit.ts";
import { readLease } from "../admit.ts";
import type { Told } from "../decision.ts";
import { Refusal } from "../refusal.ts";
import type { GateSettings } from "../settings.ts";
import type { FetchStep } from "./fetch.ts";
import { passFetch } from "./fetch.ts";
import type { Mirrors } from "./mirror.ts";
import { fullName, originOf } from "./origin.ts";
import type { PushGround, PushTo } from "./push.ts";
import { advertise, shownRefs, takePush } from "./push.ts";
import { turns } from "./turns.ts";

const PUSH_BYTES = 200 * 1024 * 1024;
const PATH = /^\/git\/([^/]+)\/([^/]+?)\.git\/(.+)$/;

/** Smart HTTP for the lease's repository: fetch, and push of the lease's ref. Throws a `Refusal` for all else. */
export interface GitRoute {
  answer(visit: Visit, request: IncomingMessage, response: ServerResponse): Promise<Told>;
  /** Gets a run's mirror ready while it works, so that its push doesn't wait for it. Never throws. */
  warm(visit: Visit): Promise<void>;
}

/** One request under way. */
interface Exchange {
  visit: Visit;
  request: IncomingMessage;
  response: ServerResponse;
  /** Aborts when the client goes away before it has its answer, or the lease does. */
  signal: AbortSignal;
}

/** `pushBytes`: what one push may have. */
export function gitRoute(
  settings: GateSettings,
  redis: Redis,
  mirrors: Mirrors,
  pushBytes: number = PUSH_BYTES,
): GitRoute {
  const copies = join(settings.dir, "pushes");
  // What a gate left that was killed.
  rmSync(copies, { recursive: true, force: true });
  const inTurn = turns<string>();
  const ground: PushGround = {
    mirrors,
    server: settings.githubServerUrl,
    copies,
    home: settings.dir,
    pushBytes,
  };

  return {
    answer: (visit, request, response) => {
      const leaving = new AbortController();
      response.once("close", () => {
        if (!response.writableFinished) leaving.abort();
      });
      const signal = AbortSignal.any([leaving.signal, visit.gone]);
      return answer({ visit, request, response, signal });
    },
    warm: async ({ lease }) => {
      const { ref } = lease.git;
      if (ref !== null) await mirrors.warm(originOf(lease, settings), shownRefs(lease, ref));
    },
  };

  function answer(exchange: Exchange): Promise<Told> {
    const step = stepOf(exchange);
    switch (step) {
      case "GET info/refs?service=git-upload-pack":
        return fetching(exchange, "info/refs?service=git-upload-pack");
      case "POST git-upload-pack":
        return fetching(exchange, "git-upload-pack");
      case "GET info/refs?service=git-receive-pack":
        return advertising(exchange);
      case "POST git-receive-pack":
        return pushing(exchange);
      default:
        throw notHere(step);
    }
  }

  async function fetching(exchange: Exchange, step: FetchStep): Promise<Told> {
    const { lease } = exchange.visit;
    const bytes = await passFetch(originOf(lease, settings), step, exchange);
    return { target: `${fullName(lease)} ${step}`, bytes, why: "fetch" };
  }

  async function advertising({ visit, response, signal }: Exchange): Promise<Told> {
    const body = await advertise(pushTo(visit), ground, signal);
    send(response, "advertisement", body);
    const target = `${fullName(visit.lease)} info/refs?service=git-receive-pack`;
    return { target, bytes: body.length, why: "push begins" };
  }

  async function pushing({ visit, request, response, signal }: Exchange): Promise<Told> {
    const to = pushTo(visit);
    // One push of a run at a time: a run has one branch, and can't keep the gate busy with twenty.
    const { answer, ...told } = await inTurn(visit.pass.run, () => takePush(to, ground, { request, signal }));
    send(response, "result", answer);
    return { ...told, target: `${fullName(visit.lease)} ${to.ref}` };
  }

  function pushTo({ lease, pass, patiently }: Visit): PushTo {
    const { ref } = lease.git;
    if (ref === null)
      throw new Refusal(403, "not_allowed", "This run may read the repository, not push to it.");
    const stillLeased = async (): Promise<void> =>
      void (await patiently(() => readLease(redis, settings.prefix, pass)));
    return { origin: originOf(lease, settings), ref, lease, stillLeased };
  }
}

/** What is asked of the lease's own repository, like `POST git-upload-pack`. */
function stepOf({ visit, request }: Exchange): string {
  const { lease } = visit;
  const [, owner, name, rest] = PATH.exec(request.url ?? "") ?? [];
  if (rest === undefined)
    throw new Refusal(404, "not_here", "The gate has git repositories at /git/<owner>/<name>.git alone.");
  // GitHub doesn't tell letters' case apart either.
  if (`${owner}/${name}`.toLowerCase() !== fullName(lease).toLowerCase())
    throw new Refusal(
      403,
      "not_allowed",
      `This run may use the repository ${fullName(lease)} alone; submodules elsewhere are out of its reach.`,
    );
  return `${request.method} ${rest}`;
}

function notHere(step: string): Refusal {
  return / info\/lfs(?:\/|$)/.test(step)
    ? new Refusal(404, "not_here", "The gate doesn't pass Git LFS on: work without those files.")
    : new Refusal(
        404,
        "not_here",
        "The gate passes fetch and push by git's smart HTTP on, and nothing else.",
      );
}

function send(response: ServerResponse, kind: "advertisement" | "result", body: Buffer): void {
  const headers = { "content-type": `application/x-git-receive-pack-${kind}`, "cache-control": "no-cache" };
  response.writeHead(200, headers).end(body);
}
