import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { RunFailure } from "./failure.ts";
import type { Printer } from "./printer.ts";
import { openWalls } from "./words.ts";

export interface Address {
  host: string;
  port: number;
}

/** What a pod that NetworkPolicies hold back can't reach; null is not asked about. */
export interface Walls {
  /** Something that every other pod of the cluster can reach, and that is up. */
  canary: Address | null;
  dns: Address | null;
}

const PROBE_MS = 2_000;
/** Some networks enforce the policies of a new pod a moment late. */
const LATE_MS = 10_000;
const AGAIN_MS = 500;

/**
 * Shows that nothing but the gate can be reached, and prints what came of it. For whoever believes that line it must be the
 * first one, printed before any code of the repository runs.
 *
 * @throws {RunFailure} if something else is still reached after 10 s. Only call it when the gate has answered: then there is a network.
 */
export async function testWalls(walls: Walls, printer: Printer): Promise<void> {
  const probes = probesOf(walls);
  if (probes.length === 0) return;
  let reached = await reachedBy(probes);
  for (const until = Date.now() + LATE_MS; reached.length > 0 && Date.now() < until;) {
    await sleep(AGAIN_MS);
    reached = await reachedBy(probes);
  }
  printer.walls(reached);
  if (reached.length > 0) throw new RunFailure("network", openWalls(reached));
}

interface Probe {
  what: string;
  reaches(): Promise<boolean>;
}

function probesOf({ canary, dns }: Walls): Probe[] {
  const probes: Probe[] = [];
  if (canary) probes.push({ what: `the canary at ${shown(canary)}`, reaches: () => connects(canary) });
  if (dns) {
    probes.push({ what: `DNS at ${shown(dns)} by TCP`, reaches: () => connects(dns) });
    probes.push({ what: `DNS at ${shown(dns)} by UDP`, reaches: () => answers(dns) });
  }
  return probes;
}

async function reachedBy(probes: Probe[]): Promise<string[]> {
  const all = await Promise.all(probes.map(async ({ what, reaches }) => ((await reaches()) ? what : null)));
  return all.filter((what) => what !== null);
}

/** Whether a TCP connection comes about. A refused one tells nothing: networks refuse in the place of the server. */
function connects({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PROBE_MS });
    const end = (reached: boolean): void => {
      socket.destroy();
      resolve(reached);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.on("error", () => end(false));
  });
}

/** Who serves the root? Every DNS server answers that, if only with a refusal. https://www.rfc-editor.org/rfc/rfc1035#section-4.1 */
const QUERY = Buffer.from("0001 0100 0001 0000 0000 0000 00 0002 0001".replaceAll(" ", ""), "hex");
const QUERY_EVERY_MS = 500;

/** Whether a DNS server answers, whatever it says. */
function answers({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    let asking: NodeJS.Timeout | undefined;
    const end = (reached: boolean): void => {
      clearInterval(asking);
      clearTimeout(timer);
      socket.close();
      resolve(reached);
    };
    const timer = setTimeout(() => end(false), PROBE_MS);
    socket.once("message", () => end(true));
    // A network that refuses may say so in the server's place.
    socket.on("error", () => {});
    socket.connect(port, host, () => {
      const ask = (): void => socket.send(QUERY, () => {});
      ask();
      asking = setInterval(ask, QUERY_EVERY_MS);
    });
  });
}

const shown = ({ host, port }: Address): string =>
  host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
