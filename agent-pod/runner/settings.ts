import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";

import { Brief } from "../contract/brief.ts";
import type { Walls } from "./walls.ts";

const address = z
  .string()
  .regex(/^(?:[\d.]+|\[[\da-f:.]+\]):\d{1,5}$/i)
  .transform((text) => {
    const colon = text.lastIndexOf(":");
    return { host: text.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(text.slice(colon + 1)) };
  });

const Environment = z.object({
  COXSWAIN_BRIEF: z.string().min(1),
  COXSWAIN_PASS_FILE: z.string().min(1),
  COXSWAIN_GATE: z.url().transform((url) => url.replace(/\/+$/, "")),
  COXSWAIN_OUTCOME: z.string().min(1),
  COXSWAIN_WORK: z.string().min(1),
  /** `ip:port` of what the pod mustn't reach. */
  COXSWAIN_CANARY: address.optional(),
  COXSWAIN_DNS: address.optional(),
  /** A JSON array: the ACP agent to start in the preset's place. Only tests set it. */
  COXSWAIN_AGENT_COMMAND: z
    .string()
    .transform((text) => z.array(z.string()).min(1).parse(JSON.parse(text)))
    .optional(),
  HOME: z.string().min(1),
  PATH: z.string().min(1),
  LANG: z.string().default("C.UTF-8"),
  TMPDIR: z.string().default("/tmp"),
});

export interface Settings {
  brief: Brief;
  pass: string;
  /** The gate's base URL, without a slash at its end. */
  gate: string;
  /** Where the outcome is written to. */
  outcome: string;
  /** The folder that holds the work tree. */
  work: string;
  walls: Walls;
  agentCommand: readonly string[] | null;
  home: string;
  path: string;
  lang: string;
  tmp: string;
}

/**
 * The run's settings from the environment: the one place that reads it. The pass is taken out of its file, which is gone
 * before any code of the repository runs. Throws when something is missing or isn't what it must be.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const env = Environment.parse(environment);
  return {
    brief: Brief.parse(JSON.parse(readFileSync(env.COXSWAIN_BRIEF, "utf8"))),
    pass: takePass(env.COXSWAIN_PASS_FILE),
    gate: env.COXSWAIN_GATE,
    outcome: env.COXSWAIN_OUTCOME,
    work: env.COXSWAIN_WORK,
    walls: { canary: env.COXSWAIN_CANARY ?? null, dns: env.COXSWAIN_DNS ?? null },
    agentCommand: env.COXSWAIN_AGENT_COMMAND ?? null,
    home: env.HOME,
    path: env.PATH,
    lang: env.LANG,
    tmp: env.TMPDIR,
  };
}

const ProbeEnvironment = Environment.pick({
  COXSWAIN_GATE: true,
  COXSWAIN_OUTCOME: true,
  COXSWAIN_CANARY: true,
  COXSWAIN_DNS: true,
});

/** What a probe of the pod needs of them. Throws as `readSettings` does. */
export function readProbeSettings(
  environment: NodeJS.ProcessEnv,
): Pick<Settings, "gate" | "outcome" | "walls"> {
  const env = ProbeEnvironment.parse(environment);
  const walls = { canary: env.COXSWAIN_CANARY ?? null, dns: env.COXSWAIN_DNS ?? null };
  return { gate: env.COXSWAIN_GATE, outcome: env.COXSWAIN_OUTCOME, walls };
}

function takePass(file: string): string {
  const pass = readFileSync(file, "utf8").trim();
  try {
    writeFileSync(file, "");
    rmSync(file);
  } catch {
    // a Secret's mount in a pod is read-only: there only this container can read it
  }
  return pass;
}
