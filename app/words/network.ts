import { quoted } from "./inline.ts";

const NOT_ENFORCED = "NetworkPolicy isn't enforced here";

/** Why an issue is blocked whose agent's pod could reach more than the gate. `retry`: how to try again. */
export function openNetwork(
  say: string,
  issue: number,
  { retry, most }: { retry: string; most: number },
): string {
  return `${NOT_ENFORCED}: an agent would have the whole network, so none starts. The pod of this one showed it:\n\n${quoted(say, most, issue)}\n\nThe cluster's network plugin must enforce NetworkPolicies, and those of the chart must stand in the agents' namespace. Once that is so, ${retry}.`;
}

/** What other issues say meanwhile. */
export const heldBack = (reached: string): string =>
  `${NOT_ENFORCED}, so no agent starts: the pod of one could reach ${reached}. One tries again in a few minutes; I go on by myself once it is held back.`;

/** The same of one task among several, in a few words. */
export const HELD_NOTE = `no agent starts: ${NOT_ENFORCED}`;
