import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { z } from "zod";

import { Purpose } from "./purpose.ts";

/** Seconds that a lease lives without being renewed, and how often its follower renews it. */
export const LEASE_SECONDS = 60;
export const LEASE_RENEW_SECONDS = 15;

/**
 * What a run's pass is good for now (GATE.md). A JSON string in Redis under `leaseKey`, written and renewed by whoever
 * follows the run, deleted when the run ends, is stopped or superseded. No lease: the gate refuses.
 */
export const Lease = z.strictObject({
  run: z.string(),
  attempt: z.int().positive(),
  purpose: Purpose,
  repository: z.strictObject({ id: z.int().positive(), owner: z.string(), name: z.string() }),
  /** The issue whose closing words the commits may carry. */
  issue: z.int().positive(),
  git: z.strictObject({
    /** The full name of the one ref that may be pushed (`refs/heads/agent/12/login`), or null: fetch only. */
    ref: z.string().nullable(),
    /** Full names of the refs whose commits need no judging beside `ref`: the base branch and the root branch. */
    known: z.array(z.string()),
    /** The base among `known`: a path whose blob is the base tip's counts as unchanged. */
    base: z.string(),
    /** Globs of protected paths that this run may touch all the same. `.github/workflows/` can't be among them. */
    mayTouch: z.array(z.string()),
    /** Globs of paths that nothing may touch unless `mayTouch` names them (repository settings). */
    protected: z.array(z.string()),
  }),
  llm: z.strictObject({
    /** The models that a request may name. */
    models: z.array(z.string()).min(1),
    /** Tokens (input and output together) that this run may use in all. */
    budget: z.int().nonnegative(),
  }),
  /** Hosts that CONNECT may reach, on port 443: names, or `*.` and a name for all those below it. */
  hosts: z.array(z.string()),
  /** The installation token, sealed by `sealToken`. */
  token: z.string(),
});
export type Lease = z.infer<typeof Lease>;

/** Redis keys, all under the app's own prefix (`coxswain:<app id>`). */
export const leaseKey = (prefix: string, run: string): string => `${prefix}:lease:${run}`;
/**
 * A hash of integers: `spent` (tokens settled), `held` (tokens reserved by requests under way), `input`, `output`, `requests`;
 * and the gate's own `era` and `refused`.
 * The follower sets `spent` from what it remembers when Redis lost it; the gate refuses the model while the key is missing.
 */
export const spentKey = (prefix: string, run: string): string => `${prefix}:spent:${run}`;
/** A list of JSON notes for the run (`Note`), and the channel on which a new one is announced. */
export const notesKey = (prefix: string, run: string): string => `${prefix}:notes:${run}`;
/** `<attempt> <address>`: the source address that the run's pass was pinned to at its first use. */
export const pinKey = (prefix: string, run: string): string => `${prefix}:pin:${run}`;

/** `token` encrypted with AES-256-GCM, bound to its run, as base64url. */
export function sealToken(token: string, run: string, key: Buffer): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(run));
  const sealed = Buffer.concat([cipher.update(token, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** The token in `sealed`. Throws if it was sealed with none of `keys`, for another run, or changed. */
export function openToken(sealed: string, run: string, keys: readonly Buffer[]): string {
  const bytes = Buffer.from(sealed, "base64url");
  for (const key of keys) {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAAD(Buffer.from(run));
    decipher.setAuthTag(bytes.subarray(12, 28));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
    } catch {
      // sealed with another key: the next one may open it
    }
  }
  throw new Error(`The token in the lease of ${run} can't be opened with this app's keys.`);
}
