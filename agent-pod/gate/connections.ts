import type { Server } from "node:http";

const MOST = 2_000;
/** One pod, which is one address, can't take them all; an app and its agents on one machine share one. */
const MOST_OF_ONE = 500;

/** Limits how many connections there may be, in all and from one address: one more is closed at once. */
export function limitConnections(server: Server): void {
  const open = new Map<string, number>();
  server.maxConnections = MOST;
  server.on("connection", (socket) => {
    const from = socket.remoteAddress ?? "";
    const others = open.get(from) ?? 0;
    if (others >= MOST_OF_ONE) return void socket.destroy();
    open.set(from, others + 1);
    socket.once("close", () => {
      const left = (open.get(from) ?? 1) - 1;
      if (left > 0) open.set(from, left);
      else open.delete(from);
    });
  });
}
