import { resolve } from "node:path";
import { z } from "zod";

import { readKubernetes } from "./kubernetes.ts";
import type { KubernetesSettings } from "./kubernetes.ts";
import { readPrivateKeys } from "./privateKey.ts";
import type { PrivateKeys } from "./privateKey.ts";

// Every message is the end of a sentence that begins with the variable's name; none repeats a value, which may be a secret.

const REQUIRED = "is missing";

function url(what: string) {
  return z
    .url({ protocol: /^https?$/, error: `must be ${what}` })
    .refine((text) => !/^https?:\/\/[^/]*@/.test(text), "must be without a name and a password in it")
    .transform((text) => text.replace(/\/+$/, ""));
}

function whole(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((number) => number >= least && number <= most, message);
}

const Variables = z.object({
  APP_ID: z.string(`${REQUIRED}: the id on the GitHub App's page`).pipe(whole(1, Number.MAX_SAFE_INTEGER)),
  WEBHOOK_SECRET: z
    .string(`${REQUIRED}: the webhook secret of the GitHub App`)
    .refine(
      (secret) => secret !== "development",
      'must not be "development": everybody knows that one, and could forge webhooks',
    ),
  GITHUB_API_URL: url("an address like https://api.github.com").prefault("https://api.github.com"),
  GITHUB_SERVER_URL: url("an address like https://github.com").prefault("https://github.com"),
  HOST: z.string().default("127.0.0.1"),
  PORT: whole(0, 65_535).prefault("3000"),
  METRICS_PORT: whole(0, 65_535).optional(),
  REDIS_URL: z
    .string()
    .regex(
      /^(?:rediss?:\/\/.|\/[^/])/,
      "must be an address like redis://host:6379/0, or the path of a unix socket",
    )
    .optional(),
  GATE_URL: url("the gate's address, like http://gate:8080").optional(),
  LLM_API_URL: z
    .string(`${REQUIRED}: the address of an OpenAI-compatible API, like https://llm.example/v1`)
    .pipe(url("the address of an OpenAI-compatible API, like https://llm.example/v1")),
  LLM_API_KEY: z.string(`${REQUIRED}: the key of the model's API`),
  LLM_MODEL: z.string(`${REQUIRED}: the model's name`),
  COXSWAIN_DIR: z.string().default(".coxswain"),
  COXSWAIN_CLUSTER: z
    .enum(["process", "kubernetes"], 'must be "process" (this machine) or "kubernetes"')
    .default("process"),
  COXSWAIN_UNSAFE_PROCESS: z.enum(["0", "1"], 'must be "1" (run agents on this machine) or "0"').default("0"),
  MAX_RUNS: whole(1, 10_000).prefault("20"),
  SWEEP_SECONDS: whole(1, 86_400).prefault("300"),
  SWEEP_PLANS_SECONDS: whole(1, 86_400).prefault("15"),
  LOG_LEVEL: z
    .enum(
      ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
      "must be trace, debug, info, warn, error, fatal or silent",
    )
    .default("info"),
});

/** The app's own settings. Addresses have no slash at their end. */
export interface Environment {
  appId: number;
  privateKeys: PrivateKeys;
  webhookSecret: string;
  /** Where the API is, and where people and git go, as GitHub Actions names them. */
  github: { api: string; server: string };
  host: string;
  /** 0: any free one. */
  port: number;
  /** Where it tells of its health and its metrics; null: nowhere. 0: any free one. */
  metricsPort: number | null;
  /** Without it a Redis is started in `dir`. */
  redisUrl: string | undefined;
  /** Without it a gate is started beside the app. */
  gateUrl: string | undefined;
  llm: { url: string; key: string; model: string };
  /** Absolute. */
  dir: string;
  unsafeProcess: boolean;
  /** Null: agents run on this machine. */
  kubernetes: KubernetesSettings | null;
  /** How many agents may be at work at once, for each installation. */
  maxRuns: number;
  sweepSeconds: number;
  /** How often the 👍 and 👎 of plans that wait are read. */
  sweepPlansSeconds: number;
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
}

/** What is wrong with the environment, one sentence a problem; none holds a value of a variable. */
export class WrongEnvironment extends Error {
  override readonly name = "WrongEnvironment";
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`The environment isn't right:\n${problems.map((problem) => `- ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

/**
 * The app's own settings from `env`; an empty variable counts as a missing one.
 *
 * @throws {WrongEnvironment} with every problem at once.
 */
export function readEnvironment(env: Record<string, string | undefined>): Environment {
  const given = Object.fromEntries(
    Object.entries(env)
      .map(([name, value]) => [name, value?.trim()])
      .filter(([, value]) => value),
  );
  const parsed = Variables.safeParse(given);
  const problems = parsed.success ? [] : parsed.error.issues.map(sentence);
  const privateKeys = readPrivateKeys(given);
  problems.unshift(...privateKeys.problems);
  const kubernetes = readKubernetes(given);
  problems.push(...kubernetes.problems);
  if (!parsed.success || problems.length > 0 || !privateKeys.keys) throw new WrongEnvironment(problems);
  const variables = parsed.data;
  return {
    appId: variables.APP_ID,
    privateKeys: privateKeys.keys,
    webhookSecret: variables.WEBHOOK_SECRET,
    github: { api: variables.GITHUB_API_URL, server: variables.GITHUB_SERVER_URL },
    host: variables.HOST,
    port: variables.PORT,
    metricsPort: variables.METRICS_PORT ?? null,
    redisUrl: variables.REDIS_URL,
    gateUrl: variables.GATE_URL,
    llm: { url: variables.LLM_API_URL, key: variables.LLM_API_KEY, model: variables.LLM_MODEL },
    dir: resolve(variables.COXSWAIN_DIR),
    unsafeProcess: variables.COXSWAIN_UNSAFE_PROCESS === "1",
    kubernetes: kubernetes.settings,
    maxRuns: variables.MAX_RUNS,
    sweepSeconds: variables.SWEEP_SECONDS,
    sweepPlansSeconds: variables.SWEEP_PLANS_SECONDS,
    logLevel: variables.LOG_LEVEL,
  };
}

function sentence(issue: z.core.$ZodIssue): string {
  return `${issue.path.join(".")} ${issue.message}.`;
}
