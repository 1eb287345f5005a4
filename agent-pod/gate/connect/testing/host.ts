import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";

import type { Outside } from "../outside.ts";

/** An address that is public, and leads to the host below. */
export const ADDRESS = "93.184.215.14";
export const HOST = "registry.example.org";

/** A real host that speaks HTTPS: it sends back what it is sent. */
export interface Host {
  port: number;
  /** Its certificate, which clients must trust: a file. */
  certificate: string;
  /** Bytes that came to it, in all. */
  heard(): number;
  /** Connections that are open. */
  open: Set<Socket>;
  close(): Promise<void>;
}

/** Of the certificate in host.pem, which is good until 2126 and which nobody but these tests trusts. */
const KEY = {
  kty: "EC",
  crv: "P-256",
  x: "k8P-X-JAkaGGa-knUBpppYz6l2zoJj1x6R0BcT3Rwio",
  y: "JlYla81svqip0yJXcxCnHHBkheHCYuX19feWujPy7-w",
  d: "H6Qdl-crGNLWFFZF1M3JNTw3EK9Y4Oc9i0zaKmwLJGo",
};

/** Starts one. */
export async function openHost(): Promise<Host> {
  const certificate = fileURLToPath(new URL("host.pem", import.meta.url));
  const key = createPrivateKey({ key: KEY, format: "jwk" }).export({ format: "pem", type: "pkcs8" });
  const options = { key, cert: readFileSync(certificate) };
  const server = createServer(options, (request, response) => void request.pipe(response));
  const open = new Set<Socket>();
  let closed = 0;
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => {}); // the gate may cut it
    socket.once("close", () => {
      open.delete(socket);
      closed += socket.bytesRead;
    });
  });
  server.on("tlsClientError", () => {}); // what isn't TLS must not come this far; `heard` tells
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    heard: () => [...open].reduce((sum, socket) => sum + socket.bytesRead, closed),
    open,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** An internet of names that lead where a test says. */
export interface TestOutside extends Outside {
  names: Record<string, readonly string[]>;
  /** How often each name was asked for. */
  asked: string[];
  /** The addresses that were connected to. */
  dialled: string[];
  /** The ports on this machine that public addresses lead to; others don't answer. */
  ports: Record<string, number>;
}

export function testOutside(): TestOutside {
  const outside: TestOutside = {
    names: {},
    asked: [],
    dialled: [],
    ports: {},
    resolve: async (name) => {
      outside.asked.push(name);
      const found = outside.names[name];
      if (!found) throw new Error(`there is no ${name}`);
      return [...found];
    },
    connect: async (address) => {
      outside.dialled.push(address);
      const port = outside.ports[address];
      if (port === undefined) throw new Error(`${address} doesn't answer`);
      const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
      await once(socket, "connect");
      return socket;
    },
  };
  return outside;
}
