import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";

const CONNECT_MS = 5_000;

/** The internet, as far as tunnels need it. */
export interface Outside {
  /** All addresses of `name`, in the order to be tried. Throws when there are none. */
  resolve(name: string): Promise<string[]>;
  /** A connection to port 443 of that very address. Throws when there is none in time, or `signal` aborts. */
  connect(address: string, signal: AbortSignal): Promise<Socket>;
}

/**
 * The real one. It asks the name servers themselves: neither a file of hosts nor a cluster's search list may give a public name
 * another meaning, and a slow server takes none of node's threads.
 */
export function internet(): Outside {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  return {
    resolve: async (name) => {
      const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      const addresses = found.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
      if (addresses.length === 0) throw new Error(`there is no address for ${name}`);
      return addresses;
    },
    connect: async (address, signal) => {
      // One side may end while the other still sends.
      const socket = connect({ host: address, port: 443, allowHalfOpen: true, noDelay: true });
      try {
        await once(socket, "connect", { signal: AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)]) });
      } catch (error) {
        socket.destroy();
        throw error;
      }
      return socket;
    },
  };
}
