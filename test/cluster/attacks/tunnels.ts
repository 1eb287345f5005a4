import { firstBytes } from "../../../agent-pod/gate/connect/testing/hello.ts";
import type { Attack } from "../pods/attack.ts";
import type { Row } from "./row.ts";
import type { Scene } from "./scene.ts";

const OPENED = /^HTTP\/1\.1 200 Connection established\r\n\r\n$/;

/** A tunnel to a name at port 443, with a ClientHello for that name or another. */
export const tunnelTo = (name: string, asks: string = name): Attack => ({
  kind: "tunnel",
  target: `${name}:443`,
  says: firstBytes(asks).toString("base64"),
});

/** One that isn't opened. */
function closed(name: string, target: (scene: Scene) => string, why: RegExp): Row {
  const says = firstBytes("evil.example").toString("base64");
  return {
    name: `CONNECT to ${name}`,
    attack: (scene) => ({ kind: "tunnel", target: target(scene), says }),
    got: /^HTTP\/1\.1 403 Refused\r\n/,
    line: (scene) => ({ run: scene.agent.run, verb: "connect", target: target(scene), why }),
  };
}

/** One that is opened to a host that may be reached, and closed when it is seen what it begins with. */
function cut(name: string, says: Buffer, why: RegExp): Row {
  return {
    name: `CONNECT, and then ${name}`,
    attack: ({ hosts }) => ({ kind: "tunnel", target: `${hosts.open}:443`, says: says.toString("base64") }),
    got: OPENED,
    line: ({ agent, hosts }) => ({ run: agent.run, verb: "connect", target: `${hosts.open}:443`, why }),
  };
}

const BY_NAMES = /by their names and to port 443 alone/;
const PUBLIC_ALONE = /public addresses alone, and \S+ leads to /;

/** Tunnels through the gate. */
export const TUNNELS: Row[] = [
  closed("metadata", () => "169.254.169.254:443", BY_NAMES),
  closed("metadata by HTTP", () => "169.254.169.254:80", BY_NAMES),
  closed("metadata by its name", () => "metadata.google.internal:443", /may not reach metadata\.google/),
  closed("the API server's address", ({ walls }) => `${walls.apiServer[0]?.host}:443`, BY_NAMES),
  closed("a host that isn't allowed", () => "evil.example:443", /may not reach evil\.example/),
  closed("another port of a host that is", ({ hosts }) => `${hosts.open}:22`, BY_NAMES),
  closed("an allowed name that leads into the cluster", ({ hosts }) => `${hosts.github}:443`, PUBLIC_ALONE),
  closed("an allowed name of the API server", ({ hosts }) => `${hosts.apiServer}:443`, PUBLIC_ALONE),
  cut("a wrong SNI", firstBytes("evil.example"), /is for evil\.example, not for/),
  cut("no TLS", Buffer.from("GET / HTTP/1.1\r\nhost: x\r\n\r\n"), /doesn't begin with TLS/),
  cut("silence", Buffer.alloc(0), /nothing whole within 10 seconds/),
];
