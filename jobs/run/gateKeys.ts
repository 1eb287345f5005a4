import { deriveKey } from "../../agent-pod/contract/pass.ts";
import type { PrivateKeys } from "../../app/config/privateKey.ts";

/** The gate's keys, derived from the app's own, as its settings take them: in base64, the current one first, then the previous. */
export function gateKeys({ current, previous }: PrivateKeys): { pass: string; lease: string } {
  const all = previous === null ? [current] : [current, previous];
  const keys = (use: "pass" | "lease"): string =>
    all.map((key) => deriveKey(key, use).toString("base64")).join(",");
  return { pass: keys("pass"), lease: keys("lease") };
}
