import type { Attack } from "../pods/attack.ts";
import { METADATA } from "./listeners.ts";
import type { Address, Scene } from "./scene.ts";

/** Something that agents are kept from: by which ways it is tried, and whether a pod of no agent reaches it. */
export interface Wall {
  name: string;
  attacks: (scene: Scene) => Attack[];
  others: "reach it" | "aren't asked";
}

/** Where the other agent's pod listens while it is tried. */
export const OTHER_PORT = 4321;

const dial = (addresses: Address[]): Attack[] => addresses.map((address) => ({ kind: "dial", ...address }));
const bothWays = (hosts: string[]): Attack[] =>
  hosts.flatMap((host): Attack[] => [
    { kind: "dial", host, port: 53 },
    { kind: "lookUp", host },
  ]);

const REACHED = "reach it";

/** Connections to all but the gate. */
export const WALLS: Wall[] = [
  { name: "the API server", attacks: ({ walls }) => dial(walls.apiServer), others: REACHED },
  { name: "the node's kubelet", attacks: ({ walls }) => dial(walls.kubelet), others: REACHED },
  {
    name: "the kubelet's port for reading, which nodes of today don't have",
    attacks: ({ walls }) => dial(walls.kubelet.map(({ host }) => ({ host, port: 10_255 }))),
    others: "aren't asked",
  },
  { name: "the app", attacks: ({ walls }) => dial(walls.app), others: REACHED },
  {
    name: "the app's metrics",
    attacks: ({ walls }) => dial(walls.app.map(({ host }) => ({ host, port: 9090 }))),
    // Prometheus alone, where there is one.
    others: "aren't asked",
  },
  { name: "the gate's metrics", attacks: ({ walls }) => dial(walls.gateMetrics), others: REACHED },
  { name: "GitHub, past the gate", attacks: ({ walls }) => dial(walls.github), others: REACHED },
  { name: "the model, past the gate", attacks: ({ walls }) => dial(walls.model), others: REACHED },
  { name: "Redis", attacks: ({ walls }) => dial(walls.redis), others: REACHED },
  {
    name: "the pod of another agent, which listens",
    attacks: ({ poor }) => dial(poor.addresses.map((host) => ({ host, port: OTHER_PORT }))),
    // Not even they do: a test of its own shows that it listens.
    others: "aren't asked",
  },
  {
    name: "the cluster's DNS, by TCP and by UDP",
    attacks: ({ walls }) => bothWays(walls.dns.map(({ host }) => host)),
    others: REACHED,
  },
  // Whether others reach these depends on where the cluster is.
  { name: "DNS outside", attacks: () => bothWays(["8.8.8.8", "1.1.1.1"]), others: "aren't asked" },
  {
    name: "a host outside, by its address",
    attacks: () => dial([{ host: "93.184.215.14", port: 443 }]),
    others: REACHED,
  },
  {
    name: "the metadata of a cloud",
    attacks: () => dial([{ host: METADATA, port: 80 }]),
    // They do where somebody listens: a test of its own shows that.
    others: "aren't asked",
  },
];
