import { lookup } from "node:dns/promises";
import { isIP } from "node:net";

import type { GateAddress } from "../manifest.ts";

/** The gate as pods reach it: they have no DNS, so we look its name up for them. */
export async function gateAddress(url: string): Promise<GateAddress> {
  const host = new URL(url).hostname;
  if (isIP(host.replace(/^\[|\]$/g, ""))) return { url, alias: null };
  const { address } = await lookup(host);
  return { url, alias: { ip: address, host } };
}
