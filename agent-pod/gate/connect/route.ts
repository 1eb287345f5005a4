import type { Socket } from "node:net";
import { pipeline } from "node:stream/promises";

import type { Visit } from "../admit.ts";
import type { Told } from "../decision.ts";
import { Refusal } from "../refusal.ts";
import type { GateSettings } from "../settings.ts";
import { readFirst } from "./first.ts";
import type { Outside } from "./outside.ts";
import { isPublic } from "./public.ts";
import { mayReach, nameIn } from "./target.ts";

const IDLE_MS = 10 * 60_000;
/** Addresses that are tried, one after the other. */
const MOST_TRIES = 4;

/** A client that asks for a tunnel. */
export interface Asking {
  visit: Visit;
  client: Socket;
  /** `name:443`. */
  target: string;
  /** Aborts when the tunnel must end. */
  signal: AbortSignal;
}

/** Tunnels to the hosts that a run's lease names. */
export interface ConnectRoute {
  /**
   * One tunnel from its beginning to its end, which is told; afterwards the client's socket is closed. Throws a `Refusal`
   * for a tunnel that isn't opened: nothing has been sent to the client then.
   */
  tunnel(asking: Asking): Promise<Told>;
}

export function connectRoute(settings: GateSettings, outside: Outside): ConnectRoute {
  return {
    tunnel: async ({ visit, client, target, signal }) => {
      const name = nameIn(target);
      if (!mayReach(visit.lease.hosts, name)) throw notNamed(name, visit.lease.hosts);
      const far = await dial(name, await publicAddresses(name), signal);
      const cut = (): void => {
        client.destroy();
        far.destroy();
      };
      far.on("error", () => {}); // `pass` tells of it
      signal.addEventListener("abort", cut);
      try {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        const { bytes, hello } = await readFirst(client);
        const wrong = hello.kind === "refused" ? hello.why : otherName(hello.name, name);
        const end = wrong === null ? await pass(client, far, bytes) : `The tunnel was closed: ${wrong}.`;
        return {
          target: `${name}:443`,
          bytes: far.bytesWritten + far.bytesRead,
          verdict: signal.aborted || wrong !== null ? "refused" : "passed",
          why: signal.aborted ? (signal.reason as Error).message : end,
        };
      } finally {
        signal.removeEventListener("abort", cut);
        cut();
      }
    },
  };

  async function publicAddresses(name: string): Promise<string[]> {
    const addresses = await outside.resolve(name).catch(() => {
      throw new Refusal(502, "host_unreachable", `The gate finds no address for ${name}.`);
    });
    // All of them: a name that leads to both kinds is one that means ill, or one that will do so by chance.
    const inner = addresses.find((address) => !isPublic(address, settings.privateRanges));
    if (inner === undefined) return addresses;
    throw new Refusal(
      403,
      "not_allowed",
      `The gate goes to public addresses alone, and ${name} leads to ${inner}.`,
    );
  }

  async function dial(name: string, addresses: string[], signal: AbortSignal): Promise<Socket> {
    for (const address of addresses.slice(0, MOST_TRIES)) {
      const socket = await outside.connect(address, signal).catch(() => null);
      signal.throwIfAborted();
      if (socket) return socket;
    }
    throw new Refusal(502, "host_unreachable", `The gate can't connect to ${name}.`);
  }
}

/** Passes all on, both ways, until both sides have ended or one broke off, and tells how it was. */
async function pass(client: Socket, far: Socket, first: Buffer): Promise<string> {
  far.setTimeout(IDLE_MS, () => far.destroy(new Error(`nothing came for ${IDLE_MS / 60_000} minutes`)));
  far.write(first);
  const ways = await Promise.allSettled([pipeline(client, far), pipeline(far, client)]);
  const broken = ways.find((way) => way.status === "rejected");
  const how = broken ? `; it broke off: ${(broken.reason as Error).message}` : "";
  return `${far.bytesWritten} bytes up, ${far.bytesRead} down${how}`;
}

function notNamed(name: string, hosts: readonly string[]): Refusal {
  const may = hosts.length > 0 ? `It may reach ${hosts.join(", ")}.` : "It may reach none.";
  return new Refusal(
    403,
    "not_allowed",
    `This run may not reach ${name}: the repository's setting \`hosts\` doesn't name it. ${may}`,
  );
}

function otherName(asked: string, name: string): string | null {
  return asked === name ? null : `its ClientHello is for ${asked}, not for ${name}`;
}
