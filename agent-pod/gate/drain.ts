import { once } from "node:events";
import type { Server } from "node:http";

/**
 * Takes no more connections and waits until those that are open have ended: after their answer, after their tunnel. After `ms`
 * what is left is cut: answers here, tunnels by `cut`.
 */
export async function drain(server: Server, ms: number, cut: () => void): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    server.closeAllConnections();
    cut();
  }, ms);
  await closed;
  clearTimeout(timer);
}
