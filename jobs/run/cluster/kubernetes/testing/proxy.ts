import { once } from "node:events";
import { connect, createServer, isIP } from "node:net";
import type { AddressInfo, Socket } from "node:net";

import type { KubeConfig } from "@kubernetes/client-node";

import { clusterConfig } from "./room.ts";

/** A way to the API server that can be cut, or go silent. */
export interface Way {
  config: KubeConfig;
  /** Cuts every connection that there is. New ones are taken. */
  cut(): number;
  /** Lets nothing more through on any connection that there is, and tells neither end. */
  silence(): void;
  close(): void;
}

export async function wayToCluster(): Promise<Way> {
  const config = clusterConfig();
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error("KUBECONFIG names no cluster.");
  const { hostname, port } = new URL(cluster.server);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const api = connect(Number(port || 443), hostname);
    for (const [socket, other] of [
      [client, api],
      [api, client],
    ] as const) {
      open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: ours } = server.address() as AddressInfo;
  const name = isIP(hostname) ? {} : { tlsServerName: hostname };
  const through = { ...cluster, server: `https://127.0.0.1:${ours}`, ...name };
  config.clusters = config.clusters.map((each) => (each.name === cluster.name ? through : each));
  const cut = (): number => {
    const count = open.size;
    for (const socket of open) socket.destroy();
    return count;
  };
  return {
    config,
    cut,
    silence: () => {
      for (const socket of open) socket.unpipe().pause();
    },
    close: () => {
      server.close();
      cut();
    },
  };
}
