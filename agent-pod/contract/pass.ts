import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** Which run the bearer is: the one secret in a pod (GATE.md). It says nothing of what the run may do; its lease does. */
export const Pass = z.strictObject({
  app: z.string().min(1).max(100),
  run: z.string().min(1).max(200),
  attempt: z.int().positive(),
  /** Seconds since the epoch. */
  expires: z.int().positive(),
});
export type Pass = z.infer<typeof Pass>;

const PREFIX = "cxp_";

/** A key for one use, derived by HKDF from the app's own secret, so that the gate never holds that one. */
export function deriveKey(secret: string, use: "pass" | "lease" | "state"): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "coxswain", use, 32));
}

/** `pass` as a bearer token: base64url JSON and its HMAC-SHA256. */
export function signPass(pass: Pass, key: Buffer): string {
  const body = Buffer.from(JSON.stringify(pass)).toString("base64url");
  return `${PREFIX}${body}.${mac(body, key).toString("base64url")}`;
}

/** The pass in `token` if one of `keys` (the current one, the previous one) signed it and it hasn't expired; else why not. */
export function readPass(token: string, keys: readonly Buffer[], now: Date): Pass | { refused: string } {
  const [body, signature, ...rest] = token.startsWith(PREFIX) ? token.slice(PREFIX.length).split(".") : [];
  if (!body || !signature || rest.length > 0) return { refused: "that isn't a pass" };
  const given = Buffer.from(signature, "base64url");
  const good = keys.some((key) => {
    const expected = mac(body, key);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!good) return { refused: "the pass isn't signed by this app" };
  const parsed = Pass.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()));
  if (!parsed.success) return { refused: "that isn't a pass" };
  if (parsed.data.expires * 1000 <= now.getTime()) return { refused: "the pass has expired" };
  return parsed.data;
}

function mac(body: string, key: Buffer): Buffer {
  return createHmac("sha256", key).update(body).digest();
}
