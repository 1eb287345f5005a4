import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

import type { Address } from "../../../../app/config/kubernetes.ts";
import type { GateAddress, Walls } from "../manifest.ts";

/** The gate as pods reach it: they have no DNS, so we look its name up for them. */
export async function gateAddress(url: string): Promise<GateAddress> {
  const host = new URL(url).hostname;
  if (isIP(host.replace(/^\[|\]$/g, ""))) return { url, alias: null };
  const { address } = await lookup(host);
  return { url, alias: { ip: address, host } };
}

/** The canary and DNS as pods try to reach them: by their addresses. */
export async function wallsOf(of: { canary: Address | null; dns: Address | null }): Promise<Walls> {
  const [canary, dns] = await Promise.all([found(of.canary), found(of.dns)]);
  return { canary, dns };
}

async function found(of: Address | null): Promise<string | null> {
  if (!of) return null;
  const { host, port } = of;
  const address = isIP(host) ? host : (await lookup(host)).address;
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}
