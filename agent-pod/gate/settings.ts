import { mkdtempSync, readFileSync } from "node:fs";
import { BlockList, isIP } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";

// Every message is the end of a sentence that begins with the variable's name; none repeats a value, which may be a secret.

/** What the gate is started with. Addresses have no slash at their end. */
export interface GateSettings {
  host: string;
  /** 0: any free one. */
  port: number;
  /** Where it tells of its health and its metrics; null: nowhere. 0: any free one. */
  metricsPort: number | null;
  /** `redis://…`, `rediss://…`, or the path of a unix socket. */
  redisUrl: string;
  /** What the app's keys in Redis begin with: `coxswain:<app id>`. */
  prefix: string;
  /** The keys that sign passes and seal the leases' tokens: the current one first, then the previous one. */
  passKeys: Buffer[];
  leaseKeys: Buffer[];
  /** Where git goes: `https://github.com`. */
  githubServerUrl: string;
  /** The model's API and its key; what follows `/llm/v1` in a request follows its address, which mostly ends in `/v1`. */
  llm: { url: string; key: string };
  /** The folder for mirrors: a cache. Absolute. */
  dir: string;
  /** Addresses that no tunnel may lead to, beside all that aren't public: the cluster's own. */
  privateRanges: BlockList;
  /** How long the end waits for what is under way. */
  drainMs: number;
}

const KEY_BYTES = 32;
const REDIS = "an address like redis://host:6379/0, or the path of a unix socket";
const PORT = "must be a port from 0 to 65535";

function address(what: string) {
  return z
    .string(`is missing: ${what}`)
    .pipe(z.url({ protocol: /^https?$/, error: `must be ${what}` }))
    .refine((text) => !/^https?:\/\/[^/]*@/.test(text), "must be without a name and a password in it")
    .refine((text) => !/[?#]/.test(text), "must end with its path")
    .transform((text) => text.replace(/\/+$/, ""));
}

function keys(what: string) {
  return z
    .string(`is missing: ${what}, in base64, the current one first`)
    .transform((text) => text.split(",").map((key) => Buffer.from(key.trim(), "base64")))
    .refine(
      (all) => all.every((key) => key.length === KEY_BYTES),
      `must be keys of ${KEY_BYTES} bytes each, in base64, with commas between`,
    );
}

/** The keys as files, which their owner may change at any time: they are read at the start. */
function keysIn(dir: string): Record<string, string> | null {
  const read = (name: string): string => readFileSync(join(dir, name), "utf8").trim();
  try {
    return { GATE_PASS_KEYS: read("pass-keys"), GATE_LEASE_KEYS: read("lease-keys") };
  } catch {
    return null; // missing, a directory, not ours to read: the sentence is the same
  }
}

function port() {
  return z
    .string()
    .regex(/^\d{1,5}$/, PORT)
    .transform(Number)
    .refine((port) => port <= 65_535, PORT);
}

const KEYS_DIR = "must be a folder with pass-keys and lease-keys, as `node app/cli/gateKeys.ts` writes them";
const RANGES = "must be ranges of addresses like 10.0.0.0/8, with commas between";
const DRAIN = "must be whole seconds from 0 to 86400";

/** https://www.rfc-editor.org/rfc/rfc4632#section-3.1, and the same for IPv6. */
function rangesIn(text: string, context: z.core.$RefinementCtx<string>): BlockList {
  const ranges = new BlockList();
  for (const range of text.split(",")) {
    const [, net = "", bits = ""] = /^([\d.a-f:]+)\/(\d{1,3})$/i.exec(range.trim()) ?? [];
    const family = isIP(net);
    if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) context.addIssue(RANGES);
    else ranges.addSubnet(net, Number(bits), family === 4 ? "ipv4" : "ipv6");
  }
  return ranges;
}

const Variables = z.object({
  GATE_HOST: z.string().default("127.0.0.1"),
  GATE_PORT: port().prefault("0"),
  GATE_METRICS_PORT: port().optional(),
  REDIS_URL: z.string(`is missing: ${REDIS}`).regex(/^(?:rediss?:\/\/.|\/[^/])/, `must be ${REDIS}`),
  GATE_PREFIX: z
    .string("is missing: what the app's keys in Redis begin with, like coxswain:12")
    .regex(/^[\w:.-]{1,100}$/, "must be of letters, digits, `:`, `.`, `-` and `_`, like coxswain:12"),
  GATE_PASS_KEYS: keys("the keys that sign passes"),
  GATE_LEASE_KEYS: keys("the keys that seal the leases' tokens"),
  GITHUB_SERVER_URL: address("an address like https://github.com").prefault("https://github.com"),
  LLM_API_URL: address("the address of a model's API, like https://llm.example/v1"),
  LLM_API_KEY: z.string("is missing: the key of the model's API"),
  GATE_DIR: z.string().optional(),
  GATE_PRIVATE_RANGES: z.string().transform(rangesIn).optional(),
  GATE_DRAIN_SECONDS: z
    .string()
    .regex(/^\d{1,5}$/, DRAIN)
    .transform(Number)
    .refine((seconds) => seconds <= 86_400, DRAIN)
    .prefault("20"),
});

/** The settings in `environment`; an empty variable counts as none. Throws an error with one sentence for each that is wrong. */
export function readSettings(environment: Record<string, string | undefined>): GateSettings {
  const given = Object.entries(environment)
    .map(([name, value]) => [name, value?.trim()] as const)
    .filter(([, value]) => value);
  const variables = Object.fromEntries(given);
  const { GATE_KEYS_DIR: dir } = variables;
  if (!dir) return settingsOf(variables);
  if (variables["GATE_PASS_KEYS"] || variables["GATE_LEASE_KEYS"])
    throw new Error("GATE_KEYS_DIR is set beside GATE_PASS_KEYS or GATE_LEASE_KEYS; keep one of them.");
  const keys = keysIn(dir);
  if (!keys) throw new Error(`GATE_KEYS_DIR ${KEYS_DIR}.`);
  return settingsOf({ ...variables, ...keys });
}

function settingsOf(given: Record<string, string | undefined>): GateSettings {
  const parsed = Variables.safeParse(given);
  if (!parsed.success)
    throw new Error(
      parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`).join("\n"),
    );
  const variables = parsed.data;
  return {
    host: variables.GATE_HOST,
    port: variables.GATE_PORT,
    metricsPort: variables.GATE_METRICS_PORT ?? null,
    redisUrl: variables.REDIS_URL,
    prefix: variables.GATE_PREFIX,
    passKeys: variables.GATE_PASS_KEYS,
    leaseKeys: variables.GATE_LEASE_KEYS,
    githubServerUrl: variables.GITHUB_SERVER_URL,
    llm: { url: variables.LLM_API_URL, key: variables.LLM_API_KEY },
    dir: resolve(variables.GATE_DIR ?? mkdtempSync(join(tmpdir(), "coxswain-gate-"))),
    privateRanges: variables.GATE_PRIVATE_RANGES ?? new BlockList(),
    drainMs: variables.GATE_DRAIN_SECONDS * 1_000,
  };
}
