import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { connect } from "node:net";
import type { TLSSocket } from "node:tls";
import { connect as connectTls } from "node:tls";

import type { Host } from "./host.ts";
import { HOST } from "./host.ts";

/** A client's connection to the gate, and what the gate answered. */
export interface Tunnel {
  socket: Socket;
  /** The answer's first line. */
  status: string;
  /** All of the answer, and what came behind it so far. */
  got(): string;
  /** Resolves when the gate has closed the connection. */
  closed: Promise<unknown>;
}

/** Asks the gate for a tunnel, with `pass` as a proxy's password; `first` is sent without waiting for an answer. */
export async function askTunnel(
  gate: string,
  target: string,
  { pass, first = Buffer.alloc(0) }: { pass: string | null; first?: Buffer },
): Promise<Tunnel> {
  const socket = connect(Number(new URL(gate).port), "127.0.0.1");
  let got = "";
  socket.on("error", () => {}); // the gate may cut it
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const basic = Buffer.from(`run:${pass}`).toString("base64");
  const head = [
    `CONNECT ${target} HTTP/1.1`,
    `host: ${target}`,
    ...(pass === null ? [] : [`proxy-authorization: Basic ${basic}`]),
  ];
  socket.write(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), first]));
  const answered = new Promise<void>((resolve) => {
    socket.on("data", (bytes: Buffer) => {
      got += bytes.toString("latin1");
      if (got.includes("\r\n\r\n")) resolve();
    });
  });
  await Promise.race([answered, closed]);
  return { socket, status: got.split("\r\n")[0] ?? "", got: () => got, closed };
}

/** A real TLS connection to `host`, through the gate, which may cut it. */
export async function openSecure(gate: string, host: Host, pass: string): Promise<TLSSocket> {
  const { socket, status } = await askTunnel(gate, `${HOST}:443`, { pass });
  if (!status.includes(" 200 ")) throw new Error(`There is no tunnel: ${status}`);
  socket.removeAllListeners("data");
  const tls = connectTls({ socket, servername: HOST, ca: readFileSync(host.certificate) });
  await once(tls, "secureConnect");
  tls.on("error", () => {});
  return tls;
}

/** Has the host send `words` back over `tls`; resolves with its answer's beginning. */
export async function echo(tls: TLSSocket, words: string): Promise<string> {
  tls.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${words.length}\r\n\r\n${words}`);
  return String((await once(tls, "data"))[0]);
}
